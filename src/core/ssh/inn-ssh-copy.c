/* inn-ssh-copy.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-command-private.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ssh/inn-ssh-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Copies are a "cat" on the host whose stdin or stdout is the local file itself: the master reads
 * and writes it, nothing passes through us, and the position in the file is the progress. */

/* From here on a copy takes long enough to be in the way of others. */
#define BULK_BYTES (4 * 1024 * 1024)

/* $1 the path, $2 the size, $3 the mode. A copy that breaks off leaves the old file as it was. */
static const char receive_script[] =
    "umask 077\n"
    "t=$(mktemp \"$1.XXXXXX\") || exit 1\n"
    "trap 'rm -f \"$t\"' EXIT\n"
    "trap 'exit 1' HUP INT TERM PIPE\n"
    "cat >\"$t\" || exit 1\n"
    "n=$(wc -c <\"$t\") || exit 1\n"
    "[ \"$n\" -eq \"$2\" ] || { echo \"$n of $2 bytes arrived\" >&2; exit 1; }\n"
    "chmod \"$3\" \"$t\" && mv -f \"$t\" \"$1\"\n";

static const char size_script[] = "[ -f \"$1\" ] || { echo \"$1: no such file\" >&2; exit 1; }\n"
                                  "wc -c <\"$1\"\n";

typedef struct
{
  InnSshLogin *login;
  char *local;
  char *remote;
  guint mode;
  InnOperation *operation;
  GCancellable *cancellable;
  int fd;
  goffset size;
} Copy;

static void
copy_free (Copy *copy)
{
  g_clear_object (&copy->login);
  g_free (copy->local);
  g_free (copy->remote);
  g_clear_object (&copy->operation);
  g_clear_object (&copy->cancellable);
  g_clear_fd (&copy->fd, NULL);
  g_free (copy);
}

static void
show_progress (gpointer data)
{
  Copy *copy = data;
  goffset position = lseek (copy->fd, 0, SEEK_CUR);

  if (copy->operation != NULL && copy->size > 0 && position >= 0 &&
      !inn_operation_is_ended (copy->operation))
    inn_operation_set_progress (copy->operation,
                                CLAMP ((double) position / (double) copy->size, 0, 1));
}

/* In a fiber. */
static GBytes *
run (Copy *copy, const char *const *argv, int input, int output, GError **error)
{
  gboolean is_bulk = (input >= 0 || output >= 0) && copy->size >= BULK_BYTES;
  g_autoptr (InnSshLogin) via = is_bulk
                                    ? _inn_ssh_login_acquire_bulk (copy->login, copy->cancellable)
                                    : g_object_ref (copy->login);
  InnSshCommand *command = _inn_ssh_command_new (via, argv, copy->cancellable);
  GBytes *bytes;

  command->quiet = TRUE;
  command->input_fd = input >= 0 ? fcntl (input, F_DUPFD_CLOEXEC, 3) : -1;
  command->output_fd = output >= 0 ? fcntl (output, F_DUPFD_CLOEXEC, 3) : -1;
  if (input >= 0 || output >= 0)
    {
      command->progress = show_progress;
      command->progress_data = copy;
    }
  g_set_object (&command->operation, copy->operation);
  bytes = _inn_ssh_command_run (command, error);
  _inn_ssh_command_free (command);
  _inn_ssh_login_release_bulk (copy->login, via);

  return bytes;
}

static void
explain (Copy *copy, GError *reason, const char *format, GError **error)
{
  if (!g_error_matches (reason, INN_ERROR, INN_ERROR_REMOTE))
    {
      g_propagate_error (error, g_error_copy (reason));
      return;
    }

  inn_error_set (error, INN_ERROR_REMOTE, inn_error_get_details (reason), "%s", format);
}

static gboolean
open_local_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  const char *path = data;
  g_autofd int fd = open (path, O_RDONLY | O_CLOEXEC);
  struct stat info;

  if (fd < 0 || fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      inn_error_set (error, fd < 0 && errno == ENOENT ? INN_ERROR_NOT_FOUND : INN_ERROR_INVALID,
                     fd < 0 ? g_strerror (errno) : NULL,
                     _ ("“%s” cannot be copied: it is no file that can be read"), path);
      return FALSE;
    }

  g_value_init (result, G_TYPE_INT);
  g_value_set_int (result, g_steal_fd (&fd));
  return TRUE;
}

static DexFuture *
copy_to_fiber (gpointer data)
{
  Copy *copy = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autofree char *size = NULL;
  g_autofree char *mode = g_strdup_printf ("%04o", copy->mode & 07777);
  g_autofree char *headline = NULL;
  struct stat info;

  copy->fd = dex_await_int (inn_thread_run ("inn-copy-open", open_local_thread,
                                            g_strdup (copy->local), g_free, copy->cancellable),
                            &error);
  if (error != NULL)
    {
      copy->fd = -1;
      return inn_reject (g_steal_pointer (&error));
    }

  if (fstat (copy->fd, &info) == 0)
    copy->size = info.st_size;
  size = g_strdup_printf ("%" G_GOFFSET_FORMAT, copy->size);
  output = run (
      copy,
      (const char *const[]) { "sh", "-c", receive_script, "sh", copy->remote, size, mode, NULL },
      copy->fd, -1, &reason);
  if (output != NULL)
    return dex_future_new_true ();

  headline = g_strdup_printf (
      _ ("“%s” could not be copied to “%s” of “%s”: see that there is room and that the SSH user "
         "may write there"),
      copy->local, copy->remote, copy->login->host_name);
  explain (copy, reason, headline, &error);
  return inn_reject (g_steal_pointer (&error));
}

static gboolean
make_local_thread (gpointer data, GCancellable *cancellable, GValue *result, GError **error)
{
  char *path = data;
  g_autofd int fd = g_mkstemp_full (path, O_WRONLY | O_CLOEXEC, 0666);

  if (fd < 0)
    {
      inn_error_set (error, INN_ERROR_DENIED, g_strerror (errno),
                     _ ("“%s” cannot be written: check the folder"), path);
      return FALSE;
    }

  g_value_init (result, G_TYPE_INT);
  g_value_set_int (result, g_steal_fd (&fd));
  return TRUE;
}

/* In a fiber. */
static goffset
await_remote_size (Copy *copy, GError **error)
{
  g_autoptr (GBytes) output =
      run (copy, (const char *const[]) { "sh", "-c", size_script, "sh", copy->remote, NULL }, -1,
           -1, error);
  g_autofree char *text = NULL;

  if (output == NULL)
    return -1;

  /* A login script may have said something before. */
  text = inn_ssh_clean_bytes (output);
  return (goffset) g_ascii_strtoull (strrchr (text, '\n') != NULL ? strrchr (text, '\n') + 1 : text,
                                     NULL, 10);
}

/* In a fiber: into the temporary file. */
static gboolean
receive (Copy *copy, GError **error)
{
  g_autoptr (GBytes) output = NULL;

  copy->size = await_remote_size (copy, error);
  if (copy->size < 0)
    return FALSE;

  output = run (copy, (const char *const[]) { "cat", copy->remote, NULL }, -1, copy->fd, error);
  if (output == NULL)
    return FALSE;

  if (lseek (copy->fd, 0, SEEK_END) != copy->size)
    {
      inn_error_set (error, INN_ERROR_REMOTE, "the size is another one",
                     _ ("“%s” changed while it was copied: try again"), copy->remote);
      return FALSE;
    }
  return TRUE;
}

static DexFuture *
copy_from_fiber (gpointer data)
{
  Copy *copy = data;
  g_autofree char *temporary = g_strconcat (copy->local, ".XXXXXX", NULL);
  g_autofree char *headline = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reason = NULL;

  /* The thread writes the name into our buffer, which outlives it: we wait. */
  copy->fd = dex_await_int (
      inn_thread_run ("inn-copy-make", make_local_thread, temporary, NULL, copy->cancellable),
      &error);
  if (error != NULL)
    {
      copy->fd = -1;
      return inn_reject (g_steal_pointer (&error));
    }

  if (!receive (copy, &reason))
    {
      unlink (temporary);
      headline = g_strdup_printf (_ ("“%s” of “%s” could not be copied: see that it is there and "
                                     "that the SSH user may read it"),
                                  copy->remote, copy->login->host_name);
      explain (copy, reason, headline, &error);
      return inn_reject (g_steal_pointer (&error));
    }

  if (g_rename (temporary, copy->local) != 0)
    {
      error = inn_error_new (INN_ERROR_DENIED, g_strerror (errno),
                             _ ("“%s” cannot be written: check the folder"), copy->local);
      unlink (temporary);
      return inn_reject (g_steal_pointer (&error));
    }
  return dex_future_new_true ();
}

static Copy *
copy_new (InnSshLogin *self,
          GFile *local,
          const char *remote_path,
          InnOperation *operation,
          GCancellable *cancellable,
          GError **error)
{
  Copy *copy;

  if (!g_path_is_absolute (remote_path) || g_file_peek_path (local) == NULL)
    {
      inn_error_set (error, INN_ERROR_INVALID, remote_path,
                     _ ("Only files with a full path can be copied: “%s” is none"), remote_path);
      return NULL;
    }

  copy = g_new0 (Copy, 1);
  copy->login = g_object_ref (self);
  copy->local = g_file_get_path (local);
  copy->remote = g_strdup (remote_path);
  copy->fd = -1;
  g_set_object (&copy->operation, operation);
  g_set_object (&copy->cancellable, cancellable);
  return copy;
}

/**
 * inn_ssh_login_copy_to:
 * @self: a login
 * @local: a local file
 * @remote_path: absolute path on the host; what was there is replaced when all has arrived
 * @mode: permissions of the new file, such as 0644
 * @operation: (nullable): gets the progress
 * @cancellable: (nullable): breaks off; the host is left as it was
 *
 * Returns: (transfer full): resolves with %TRUE; rejects with %INN_ERROR_NOT_FOUND or
 *   %INN_ERROR_INVALID (the local file), %INN_ERROR_REMOTE, %INN_ERROR_NOT_CONNECTED or
 *   %INN_ERROR_CANCELLED
 */
DexFuture *
inn_ssh_login_copy_to (InnSshLogin *self,
                       GFile *local,
                       const char *remote_path,
                       guint mode,
                       InnOperation *operation,
                       GCancellable *cancellable)
{
  GError *error = NULL;
  Copy *copy;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (G_IS_FILE (local), NULL);
  g_return_val_if_fail (remote_path != NULL, NULL);

  copy = copy_new (self, local, remote_path, operation, cancellable, &error);
  if (copy == NULL)
    return inn_reject (error);

  copy->mode = mode;
  return inn_spawn ("copy_to_fiber", copy_to_fiber, copy, (GDestroyNotify) copy_free);
}

/**
 * inn_ssh_login_copy_from:
 * @self: a login
 * @remote_path: absolute path on the host
 * @local: a local file; what was there is replaced when all has arrived
 * @operation: (nullable): gets the progress
 * @cancellable: (nullable): breaks off; the local file is left as it was
 *
 * Returns: (transfer full): resolves with %TRUE; rejects as [method@SshLogin.copy_to]
 */
DexFuture *
inn_ssh_login_copy_from (InnSshLogin *self,
                         const char *remote_path,
                         GFile *local,
                         InnOperation *operation,
                         GCancellable *cancellable)
{
  GError *error = NULL;
  Copy *copy;

  g_return_val_if_fail (INN_IS_SSH_LOGIN (self), NULL);
  g_return_val_if_fail (G_IS_FILE (local), NULL);
  g_return_val_if_fail (remote_path != NULL, NULL);

  copy = copy_new (self, local, remote_path, operation, cancellable, &error);
  if (copy == NULL)
    return inn_reject (error);

  return inn_spawn ("copy_from_fiber", copy_from_fiber, copy, (GDestroyNotify) copy_free);
}
