/* inn-ssh-runtime.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-runtime.h"

#include "base/inn-error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/**
 * InnSshRuntime:
 *
 * A private folder for the sockets of one login. Its name is short and random, so that no host name
 * makes a socket's path too long. It is locked for as long as it is used: a folder that nobody
 * locks is what a program that died left behind, and the next one clears it away.
 */
struct _InnSshRuntime
{
  char *base;
  char *directory;
  int lock_fd;
  guint n_paths;
};

#define FOLDER_TEMPLATE "XXXXXX"

static gboolean
fits_socket_address (const char *base)
{
  struct sockaddr_un address;

  return strlen (base) + 1 + strlen (FOLDER_TEMPLATE) + 1 + INN_SSH_RUNTIME_NAME_MAX +
             INN_SSH_SOCKET_SUFFIX_LENGTH <
         sizeof address.sun_path;
}

/* Others may write to /tmp: a folder there is trusted only when it is ours and closed to them. */
static gboolean
is_private_folder (const char *path)
{
  struct stat info;

  return lstat (path, &info) == 0 && S_ISDIR (info.st_mode) && info.st_uid == geteuid () &&
         (info.st_mode & 0077) == 0;
}

static gboolean
ensure_private_folder (const char *path)
{
  return (g_mkdir (path, 0700) == 0 || errno == EEXIST) && is_private_folder (path);
}

static char *
make_base (void)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  char *base;

  if (runtime != NULL && g_path_is_absolute (runtime) && strstr (runtime, "${") == NULL)
    {
      base = g_build_filename (runtime, "innkeeper", NULL);
      if (fits_socket_address (base) && ensure_private_folder (base))
        return base;
      g_free (base);
    }

  base = g_strdup_printf ("/tmp/innkeeper-%u", (guint) geteuid ());
  if (ensure_private_folder (base))
    return base;
  g_free (base);

  return g_mkdtemp_full (g_strdup ("/tmp/innkeeper-XXXXXX"), 0700);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      unlink (file);
    }
  rmdir (path);
}

static gboolean
is_still_there (int fd, const char *path)
{
  struct stat by_fd;
  struct stat by_path;

  return fstat (fd, &by_fd) == 0 && lstat (path, &by_path) == 0 && by_fd.st_ino == by_path.st_ino &&
         by_fd.st_dev == by_path.st_dev;
}

static void
sweep (const char *base)
{
  g_autoptr (GDir) dir = g_dir_open (base, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (base, name, NULL);
      g_autofd int fd = -1;

      if (strlen (name) != strlen (FOLDER_TEMPLATE) || !is_private_folder (path))
        continue;
      fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
      if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0 && is_still_there (fd, path))
        remove_folder (path);
    }
}

/**
 * inn_ssh_runtime_new:
 * @error: return location for %INN_ERROR_DENIED
 *
 * Makes the folder, under `$XDG_RUNTIME_DIR/innkeeper` or, where that is missing or too long for
 * the address of a socket, under a private folder of /tmp. Blocks for a few system calls.
 *
 * Returns: (transfer full) (nullable): the folder
 */
InnSshRuntime *
inn_ssh_runtime_new (GError **error)
{
  g_autoptr (InnSshRuntime) self = g_new0 (InnSshRuntime, 1);

  self->lock_fd = -1;

  /* Whoever sweeps may take away what was made and not yet locked: then once more. */
  for (guint attempt = 0; attempt < 10; attempt++)
    {
      g_clear_pointer (&self->base, g_free);
      self->base = make_base ();
      if (self->base == NULL)
        break;
      sweep (self->base);
      g_free (self->directory);
      self->directory = g_mkdtemp_full (g_build_filename (self->base, FOLDER_TEMPLATE, NULL), 0700);
      if (self->directory == NULL)
        continue;
      g_clear_fd (&self->lock_fd, NULL);
      self->lock_fd = open (self->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
      if (self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX) == 0 &&
          is_still_there (self->lock_fd, self->directory))
        return g_steal_pointer (&self);
    }

  inn_error_set (error, INN_ERROR_DENIED, g_strerror (errno),
                 _ ("No private folder for the SSH connection could be made in "
                    "$XDG_RUNTIME_DIR or /tmp: see that one of them can be written"));
  return NULL;
}

/**
 * inn_ssh_runtime_free:
 * @self: (transfer full): a folder
 *
 * Removes the folder with all that is in it.
 */
void
inn_ssh_runtime_free (InnSshRuntime *self)
{
  if (self->lock_fd >= 0 && self->directory != NULL)
    remove_folder (self->directory);
  g_clear_fd (&self->lock_fd, NULL);
  if (self->base != NULL)
    rmdir (self->base);
  g_free (self->directory);
  g_free (self->base);
  g_free (self);
}

const char *
inn_ssh_runtime_get_directory (InnSshRuntime *self)
{
  return self->directory;
}

/**
 * inn_ssh_runtime_dup_path:
 * @self: a folder
 * @name: a name of at most %INN_SSH_RUNTIME_NAME_MAX characters
 *
 * Returns: (transfer full): a path that fits the address of a socket, with ssh's suffix
 */
char *
inn_ssh_runtime_dup_path (InnSshRuntime *self, const char *name)
{
  g_return_val_if_fail (strlen (name) <= INN_SSH_RUNTIME_NAME_MAX, NULL);

  return g_build_filename (self->directory, name, NULL);
}

/**
 * inn_ssh_runtime_dup_fresh_path:
 * @self: a folder
 *
 * Returns: (transfer full): a path in it that was not handed out before
 */
char *
inn_ssh_runtime_dup_fresh_path (InnSshRuntime *self)
{
  g_autofree char *name = g_strdup_printf ("s%u", ++self->n_paths % 10000000);

  return inn_ssh_runtime_dup_path (self, name);
}
