/* inn-settings.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-settings.h"

/**
 * InnSettings:
 *
 * Preferences of this desktop, with types instead of keys. What belongs to hosts and clusters is
 * in the store. Where the schema is not installed everything has its default and nothing is kept.
 *
 * Signal "changed" (string key): one of them changed, here or elsewhere.
 */
struct _InnSettings
{
  GObject parent_instance;

  GSettings *backend; /* NULL without a schema */
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (InnSettings, inn_settings, G_TYPE_OBJECT)

static void
on_backend_changed (InnSettings *self, const char *key)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], g_quark_from_string (key), key);
}

static void
inn_settings_finalize (GObject *object)
{
  g_clear_object (&INN_SETTINGS (object)->backend);

  G_OBJECT_CLASS (inn_settings_parent_class)->finalize (object);
}

static void
inn_settings_class_init (InnSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_settings_finalize;

  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
inn_settings_init (InnSettings *self)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APP_ID, TRUE);
  if (schema == NULL)
    {
      g_message ("The settings schema %s is not installed; preferences are not kept", APP_ID);
      return;
    }

  self->backend = g_settings_new_full (schema, NULL, NULL);
  g_signal_connect_object (self->backend, "changed", G_CALLBACK (on_backend_changed), self,
                           G_CONNECT_SWAPPED);
}

/**
 * inn_settings_new:
 *
 * Returns: (transfer full): the preferences
 */
InnSettings *
inn_settings_new (void)
{
  return g_object_new (INN_TYPE_SETTINGS, NULL);
}

int
inn_settings_get_window_width (InnSettings *self)
{
  return self->backend != NULL ? g_settings_get_int (self->backend, "window-width") : 1280;
}

int
inn_settings_get_window_height (InnSettings *self)
{
  return self->backend != NULL ? g_settings_get_int (self->backend, "window-height") : 800;
}

gboolean
inn_settings_get_window_maximized (InnSettings *self)
{
  return self->backend != NULL && g_settings_get_boolean (self->backend, "window-maximized");
}

/**
 * inn_settings_set_window:
 * @self: the preferences
 * @width: of the window when it is not maximized
 * @height: the same
 * @maximized: whether it is
 */
void
inn_settings_set_window (InnSettings *self, int width, int height, gboolean maximized)
{
  g_return_if_fail (INN_IS_SETTINGS (self));

  if (self->backend == NULL)
    return;

  g_settings_set_int (self->backend, "window-width", MAX (width, 360));
  g_settings_set_int (self->backend, "window-height", MAX (height, 294));
  g_settings_set_boolean (self->backend, "window-maximized", maximized);
}

/**
 * inn_settings_get_poll_interval_visible:
 * @self: the preferences
 *
 * Returns: seconds between samples while somebody looks
 */
guint
inn_settings_get_poll_interval_visible (InnSettings *self)
{
  return self->backend != NULL ? g_settings_get_uint (self->backend, "poll-interval-visible") : 3;
}

void
inn_settings_set_poll_interval_visible (InnSettings *self, guint seconds)
{
  if (self->backend != NULL)
    g_settings_set_uint (self->backend, "poll-interval-visible", CLAMP (seconds, 1, 3600));
}

/**
 * inn_settings_get_poll_interval_hidden:
 * @self: the preferences
 *
 * Returns: seconds between samples while nobody looks
 */
guint
inn_settings_get_poll_interval_hidden (InnSettings *self)
{
  return self->backend != NULL ? g_settings_get_uint (self->backend, "poll-interval-hidden") : 10;
}

void
inn_settings_set_poll_interval_hidden (InnSettings *self, guint seconds)
{
  if (self->backend != NULL)
    g_settings_set_uint (self->backend, "poll-interval-hidden", CLAMP (seconds, 1, 3600));
}

/**
 * inn_settings_dup_vm_columns:
 * @self: the preferences
 *
 * Returns: (transfer full): names of the columns of the list of guests; empty for the default
 */
GStrv
inn_settings_dup_vm_columns (InnSettings *self)
{
  return self->backend != NULL ? g_settings_get_strv (self->backend, "vm-columns")
                               : g_new0 (char *, 1);
}

void
inn_settings_set_vm_columns (InnSettings *self, const char *const *columns)
{
  if (self->backend != NULL)
    g_settings_set_strv (self->backend, "vm-columns", columns);
}

/**
 * inn_settings_dup_saved_filters:
 * @self: the preferences
 *
 * Returns: (transfer full) (element-type utf8 utf8): name to query
 */
GHashTable *
inn_settings_dup_saved_filters (InnSettings *self)
{
  GHashTable *filters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GVariant) value = NULL;
  GVariantIter iter;
  char *name;
  char *query;

  if (self->backend == NULL)
    return filters;

  value = g_settings_get_value (self->backend, "saved-filters");
  g_variant_iter_init (&iter, value);
  while (g_variant_iter_next (&iter, "{ss}", &name, &query))
    g_hash_table_insert (filters, name, query);

  return filters;
}

/**
 * inn_settings_save_filter:
 * @self: the preferences
 * @name: its name; one of that name is replaced
 * @query: (nullable): what it shows; %NULL to forget it
 */
void
inn_settings_save_filter (InnSettings *self, const char *name, const char *query)
{
  g_autoptr (GHashTable) filters = inn_settings_dup_saved_filters (self);
  GVariantBuilder builder;
  GHashTableIter iter;
  const char *each_name;
  const char *each_query;

  if (self->backend == NULL)
    return;
  if (query != NULL)
    g_hash_table_replace (filters, g_strdup (name), g_strdup (query));
  else
    g_hash_table_remove (filters, name);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_hash_table_iter_init (&iter, filters);
  while (g_hash_table_iter_next (&iter, (gpointer *) &each_name, (gpointer *) &each_query))
    g_variant_builder_add (&builder, "{ss}", each_name, each_query);
  g_settings_set_value (self->backend, "saved-filters", g_variant_builder_end (&builder));
}

/**
 * inn_settings_dup_console_release_keys:
 * @self: the preferences
 *
 * Returns: (transfer full): names of the keys that release a console's grab, joined by "+"
 */
char *
inn_settings_dup_console_release_keys (InnSettings *self)
{
  return self->backend != NULL ? g_settings_get_string (self->backend, "console-release-keys")
                               : g_strdup ("Ctrl+Alt");
}

void
inn_settings_set_console_release_keys (InnSettings *self, const char *keys)
{
  if (self->backend != NULL)
    g_settings_set_string (self->backend, "console-release-keys", keys);
}

/**
 * inn_settings_get_console_exact:
 * @self: the preferences
 *
 * Returns: whether a console shows one guest pixel as one pixel instead of filling the window
 */
gboolean
inn_settings_get_console_exact (InnSettings *self)
{
  return self->backend != NULL && g_settings_get_enum (self->backend, "console-scaling") == 1;
}

void
inn_settings_set_console_exact (InnSettings *self, gboolean exact)
{
  if (self->backend != NULL)
    g_settings_set_enum (self->backend, "console-scaling", exact ? 1 : 0);
}

/**
 * inn_settings_get_console_share_clipboard:
 * @self: the preferences
 *
 * Returns: whether guests and the desktop share a clipboard
 */
gboolean
inn_settings_get_console_share_clipboard (InnSettings *self)
{
  return self->backend == NULL || g_settings_get_boolean (self->backend, "console-share-clipboard");
}

void
inn_settings_set_console_share_clipboard (InnSettings *self, gboolean share)
{
  if (self->backend != NULL)
    g_settings_set_boolean (self->backend, "console-share-clipboard", share);
}
