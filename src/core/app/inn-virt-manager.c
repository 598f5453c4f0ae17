/* inn-virt-manager.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-app-private.h"

#include <string.h>

/* virt-manager keeps its connections in GSettings. Where its schema is installed GSettings answers;
 * without it the dconf program does; and where settings live in a keyfile that is read. */

#define SCHEMA "org.virt-manager.virt-manager.connections"
#define DCONF_PATH "/org/virt-manager/virt-manager/connections/"
#define KEYFILE_GROUP "org/virt-manager/virt-manager/connections"

typedef struct
{
  GStrv uris;
  GStrv autoconnect;
} Lists;

static void
lists_clear (Lists *lists)
{
  g_strfreev (lists->uris);
  g_strfreev (lists->autoconnect);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lists, lists_clear)

static GStrv
parse_strv (const char *text)
{
  g_autoptr (GVariant) value = NULL;

  if (text != NULL)
    value = g_variant_parse (G_VARIANT_TYPE_STRING_ARRAY, text, NULL, NULL, NULL);

  return value != NULL ? g_variant_dup_strv (value, NULL) : NULL;
}

static gboolean
read_settings (Lists *lists)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autoptr (GSettings) settings = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, SCHEMA, TRUE);
  if (schema == NULL || !g_settings_schema_has_key (schema, "uris"))
    return FALSE;

  settings = g_settings_new_full (schema, NULL, NULL);
  lists->uris = g_settings_get_strv (settings, "uris");
  if (g_settings_schema_has_key (schema, "autoconnect"))
    lists->autoconnect = g_settings_get_strv (settings, "autoconnect");

  return lists->uris[0] != NULL;
}

static GStrv
read_dconf_key (const char *key)
{
  g_autofree char *path = g_strconcat (DCONF_PATH, key, NULL);
  g_autofree char *output = NULL;
  const char *const argv[] = { "dconf", "read", path, NULL };
  int status = 0;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, &output, NULL, &status, NULL) ||
      status != 0)
    return NULL;

  return parse_strv (g_strstrip (output));
}

static gboolean
read_dconf (Lists *lists)
{
  lists->uris = read_dconf_key ("uris");
  if (lists->uris == NULL)
    return FALSE;

  lists->autoconnect = read_dconf_key ("autoconnect");
  return TRUE;
}

static gboolean
read_keyfile (const char *path, Lists *lists)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *uris = NULL;
  g_autofree char *autoconnect = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return FALSE;

  uris = g_key_file_get_value (file, KEYFILE_GROUP, "uris", NULL);
  autoconnect = g_key_file_get_value (file, KEYFILE_GROUP, "autoconnect", NULL);
  lists->uris = parse_strv (uris);
  lists->autoconnect = parse_strv (autoconnect);

  return lists->uris != NULL;
}

static void
imported_uri_free (InnImportedUri *imported)
{
  g_free (imported->uri);
  g_free (imported);
}

char *
_inn_virt_manager_get_keyfile (void)
{
  return g_build_filename (g_get_user_config_dir (), "glib-2.0", "settings", "keyfile", NULL);
}

gboolean
_inn_virt_manager_read_thread (gpointer data,
                               GCancellable *cancellable,
                               GValue *result,
                               GError **error)
{
  const char *keyfile = data;
  g_auto (Lists) lists = { NULL, NULL };
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify) imported_uri_free);

  if (!read_keyfile (keyfile, &lists))
    {
      lists_clear (&lists);
      lists = (Lists) { NULL, NULL };
      if (!read_settings (&lists))
        {
          lists_clear (&lists);
          lists = (Lists) { NULL, NULL };
          read_dconf (&lists);
        }
    }

  for (guint i = 0; lists.uris != NULL && lists.uris[i] != NULL; i++)
    {
      InnImportedUri *imported = g_new0 (InnImportedUri, 1);

      imported->uri = g_strdup (lists.uris[i]);
      imported->autoconnect =
          lists.autoconnect != NULL &&
          g_strv_contains ((const char *const *) lists.autoconnect, imported->uri);
      g_ptr_array_add (found, imported);
    }

  g_value_init (result, G_TYPE_PTR_ARRAY);
  g_value_take_boxed (result, found);
  return TRUE;
}
