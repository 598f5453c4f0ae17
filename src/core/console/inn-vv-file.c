/* inn-vv-file.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-vv-file.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <string.h>

#define GROUP "virt-viewer"
/* A file with a chain of certificates has some thousand bytes. */
#define MAX_SIZE (256 * 1024)

G_DEFINE_BOXED_TYPE (InnVvFile, inn_vv_file, inn_vv_file_copy, inn_vv_file_free)

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

InnVvFile *
inn_vv_file_copy (const InnVvFile *self)
{
  InnVvFile *copy = g_memdup2 (self, sizeof *self);

  copy->type = g_strdup (self->type);
  copy->host = g_strdup (self->host);
  copy->unix_path = g_strdup (self->unix_path);
  copy->username = g_strdup (self->username);
  copy->password = g_strdup (self->password);
  copy->ca = g_strdup (self->ca);
  copy->host_subject = g_strdup (self->host_subject);
  copy->title = g_strdup (self->title);
  return copy;
}

void
inn_vv_file_free (InnVvFile *self)
{
  g_free (self->type);
  g_free (self->host);
  g_free (self->unix_path);
  g_free (self->username);
  wipe (self->password);
  g_free (self->ca);
  g_free (self->host_subject);
  g_free (self->title);
  g_free (self);
}

/* Absent and empty are the same. @error is set when it is no text. */
static gboolean
get_text (GKeyFile *file, const char *key, char **text, GError **error)
{
  g_autoptr (GError) local = NULL;
  char *value;

  if (!g_key_file_has_key (file, GROUP, key, NULL))
    return TRUE;

  value = g_key_file_get_string (file, GROUP, key, &local);
  if (value == NULL)
    {
      inn_error_set (error, INN_ERROR_INVALID, local->message,
                     _ ("The connection file cannot be understood: its “%s” is no text"), key);
      return FALSE;
    }
  if (*value != '\0')
    *text = value;
  else
    g_free (value);
  return TRUE;
}

static gboolean
get_port (GKeyFile *file, const char *key, guint16 *port, GError **error)
{
  g_autofree char *text = NULL;
  guint64 value;

  if (!get_text (file, key, &text, error))
    return FALSE;
  /* Other programs write -1 where there is none. */
  if (text == NULL || g_str_equal (text, "-1") || g_str_equal (text, "0"))
    return TRUE;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("The connection file cannot be understood: its “%s” is “%s” and no port"),
                     key, text);
      return FALSE;
    }
  *port = (guint16) value;
  return TRUE;
}

static gboolean
get_flag (GKeyFile *file, const char *key)
{
  g_autofree char *text = g_key_file_get_value (file, GROUP, key, NULL);

  return text != NULL && (g_str_equal (text, "1") || g_ascii_strcasecmp (text, "true") == 0);
}

static gboolean
has_no_control (const char *text)
{
  for (const char *at = text; at != NULL && *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)) || g_unichar_isspace (g_utf8_get_char (at)))
      return FALSE;

  return TRUE;
}

static gboolean
check_place (const InnVvFile *self, GError **error)
{
  if (self->unix_path != NULL && !g_path_is_absolute (self->unix_path))
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("The connection file cannot be used: the path “%s” of its socket does not "
                      "begin at the root"),
                   self->unix_path);
  else if (self->unix_path == NULL && self->host == NULL)
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("The connection file cannot be used: it names no host"));
  else if (!has_no_control (self->host))
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("The connection file cannot be used: what it has for a host is no name"));
  else if (self->unix_path == NULL && self->port == 0 && self->tls_port == 0)
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("The connection file cannot be used: it names no port of %s"), self->host);
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_kind (GKeyFile *file, const InnVvFile *self, GError **error)
{
  g_autofree char *proxy = g_key_file_get_value (file, GROUP, "proxy", NULL);

  if (g_strcmp0 (self->type, "spice") != 0 && g_strcmp0 (self->type, "vnc") != 0)
    inn_error_set (
        error, INN_ERROR_UNSUPPORTED, NULL,
        _ ("The connection file is for a screen of the type “%s”: only SPICE and VNC can "
           "be shown"),
        self->type != NULL ? self->type : "");
  else if (proxy != NULL && *proxy != '\0')
    inn_error_set (error, INN_ERROR_UNSUPPORTED, proxy,
                   _ ("The connection file wants a proxy, and a screen is never reached through "
                      "one: add its host with qemu+ssh instead"));
  else
    return TRUE;

  return FALSE;
}

/**
 * inn_vv_file_parse:
 * @data: what is in the file
 * @length: bytes
 * @error: %INN_ERROR_INVALID, or %INN_ERROR_UNSUPPORTED for what is understood and cannot be done
 *
 * Returns: (transfer full) (nullable): what it says
 */
InnVvFile *
inn_vv_file_parse (const char *data, gsize length, GError **error)
{
  g_autoptr (InnVvFile) self = g_new0 (InnVvFile, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) local = NULL;

  if (!g_key_file_load_from_data (file, data, length, G_KEY_FILE_NONE, &local) ||
      !g_key_file_has_group (file, GROUP))
    {
      inn_error_set (error, INN_ERROR_INVALID, local != NULL ? local->message : NULL,
                     _ ("This is no connection file of virt-viewer"));
      return NULL;
    }

  if (!get_text (file, "type", &self->type, error) ||
      !get_text (file, "host", &self->host, error) ||
      !get_port (file, "port", &self->port, error) ||
      !get_port (file, "tls-port", &self->tls_port, error) ||
      !get_text (file, "unix-path", &self->unix_path, error) ||
      !get_text (file, "username", &self->username, error) ||
      !get_text (file, "password", &self->password, error) ||
      !get_text (file, "ca", &self->ca, error) ||
      !get_text (file, "host-subject", &self->host_subject, error) ||
      !get_text (file, "title", &self->title, error))
    return NULL;

  self->delete_this_file = get_flag (file, "delete-this-file");
  self->fullscreen = get_flag (file, "fullscreen");
  if (!check_kind (file, self, error) || !check_place (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

static char *
read_all (GFile *file, GCancellable *cancellable, gsize *length, GError **error)
{
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autofree char *data = NULL;

  /* A device or a pipe would never end. */
  info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                            cancellable, error);
  if (info == NULL)
    return NULL;
  if (g_file_info_get_file_type (info) != G_FILE_TYPE_REGULAR)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("It is no file"));
      return NULL;
    }

  stream = g_file_read (file, cancellable, error);
  if (stream == NULL)
    return NULL;

  data = g_malloc (MAX_SIZE + 1);
  if (!g_input_stream_read_all (G_INPUT_STREAM (stream), data, MAX_SIZE + 1, length, cancellable,
                                error))
    return NULL;
  if (*length > MAX_SIZE)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                           _ ("It is too large for a connection file"));
      return NULL;
    }

  return g_steal_pointer (&data);
}

static gboolean
load_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autofree char *name = g_file_get_parse_name (data);
  InnVvFile *self;
  gsize length = 0;
  char *text = read_all (data, cancellable, &length, &local);

  if (text == NULL)
    {
      inn_error_set (error, INN_ERROR_INVALID, local->message,
                     _ ("The connection file “%s” cannot be read"), name);
      return FALSE;
    }

  self = inn_vv_file_parse (text, length, error);
  explicit_bzero (text, length);
  g_free (text);
  if (self == NULL)
    return FALSE;

  /* It holds a password that was meant to be used once. */
  if (self->delete_this_file && !g_file_delete (data, cancellable, &local))
    g_message ("“%s” asks to be deleted, and cannot be: %s", name, local->message);

  g_value_init (result, INN_TYPE_VV_FILE);
  g_value_take_boxed (result, self);
  return TRUE;
}

/**
 * inn_vv_file_load:
 * @file: a connection file; deleted when it asks for that and could be understood
 *
 * Returns: (transfer full): resolves with an [struct@VvFile]; rejects with %INN_ERROR_INVALID when
 * it cannot be read or understood, and %INN_ERROR_UNSUPPORTED
 */
DexFuture *
inn_vv_file_load (GFile *file)
{
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  return inn_thread_run ("inn-vv-file", load_thread, g_object_ref (file), g_object_unref, NULL);
}
