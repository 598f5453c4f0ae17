/* inn-database-open.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-database-private.h"

#include "base/inn-error.h"
#include "inn-store-resources.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/file.h>

#define BUSY_MSEC 15000
#define LOCK_TRIES 500
#define LOCK_USEC 20000
/* "Innk": tells our files from other people's SQLite files. */
#define APPLICATION_ID 0x496e6e6b

static const char *const migrations[] = { "001-init.sql", "002-host-revision.sql",
                                          "003-name-key.sql", "004-name-order.sql" };

/* How an attempt to open the file ended. */
typedef enum
{
  OPENED,
  DAMAGED,
  NEWER,
  REFUSED,
} Outcome;

static gboolean
exec (InnDatabase *self, const char *sql, GError **error)
{
  int code = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  return code == SQLITE_OK || inn_database_fail (self, code, error);
}

static gboolean
apply_migration (InnDatabase *self, guint version, GError **error)
{
  g_autofree char *path =
      g_strdup_printf ("/io/github/innkeeper/Innkeeper/store/sql/%s", migrations[version - 1]);
  g_autofree char *marks = NULL;
  g_autoptr (GBytes) sql = NULL;

  sql =
      g_resource_lookup_data (inn_store_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
  if (sql == NULL)
    return FALSE;

  marks = g_strdup_printf ("PRAGMA user_version = %u; PRAGMA application_id = %d", version,
                           APPLICATION_ID);
  return exec (self, g_bytes_get_data (sql, NULL), error) && exec (self, marks, error);
}

/* All or nothing; another process may have done it while this one waited for the lock. */
static gboolean
migrate (InnDatabase *self, GError **error)
{
  gint64 version = 0;
  gboolean ok;

  if (!exec (self, "BEGIN IMMEDIATE", error))
    return FALSE;

  ok = inn_database_get_int (self, &version, error, "PRAGMA user_version", "");
  for (guint next = (guint) version + 1; ok && next <= G_N_ELEMENTS (migrations); next++)
    ok = apply_migration (self, next, error);

  return inn_database_end (self, ok, error);
}

/* Whose file it is, and of which time. */
static Outcome
look_at_header (InnDatabase *self, gint64 *version, GError **error)
{
  gint64 application = 0;
  gint64 n_tables = 0;

  if (!inn_database_get_int (self, version, error, "PRAGMA user_version", "") ||
      !inn_database_get_int (self, &application, error, "PRAGMA application_id", "") ||
      !inn_database_get_int (self, &n_tables, error, "SELECT count(*) FROM sqlite_schema", ""))
    return self->damaged ? DAMAGED : REFUSED;

  if (n_tables > 0 && application != APPLICATION_ID)
    return DAMAGED;
  if (*version > (gint64) G_N_ELEMENTS (migrations))
    return NEWER;
  return OPENED;
}

static gboolean
connect_to (InnDatabase *self, const char *name, int flags, GError **error)
{
  GStatBuf opened;
  int code;

  inn_database_close (self);
  self->damaged = FALSE;
  self->read_only = FALSE;
  code = sqlite3_open_v2 (name, &self->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
                          NULL);
  if (code != SQLITE_OK)
    return inn_database_fail (self, code, error);

  self->device = g_stat (self->path, &opened) == 0 ? opened.st_dev : 0;
  sqlite3_busy_timeout (self->handle, BUSY_MSEC);
  return TRUE;
}

static Outcome
open_file (InnDatabase *self, gint64 *version, GError **error)
{
  Outcome outcome;

  if (!connect_to (self, self->path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error))
    return self->damaged ? DAMAGED : REFUSED;

  outcome = look_at_header (self, version, error);
  if (outcome != OPENED)
    return outcome;

  if (sqlite3_db_readonly (self->handle, "main") == 1)
    {
      self->read_only = TRUE;
      return *version == (gint64) G_N_ELEMENTS (migrations) ? OPENED : REFUSED;
    }

  if (!exec (self, "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON", error) ||
      (*version < (gint64) G_N_ELEMENTS (migrations) && !migrate (self, error)))
    return self->damaged ? DAMAGED : REFUSED;

  return OPENED;
}

/* A folder in which SQLite can make neither log nor lock: the file as it is, for reading. */
static gboolean
open_immutable (InnDatabase *self)
{
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);
  g_autofree char *name = g_strconcat (uri, "?immutable=1", NULL);
  gint64 version = 0;

  if (uri == NULL || !g_file_test (self->path, G_FILE_TEST_IS_REGULAR) ||
      !connect_to (self, name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) ||
      look_at_header (self, &version, NULL) != OPENED ||
      version != (gint64) G_N_ELEMENTS (migrations))
    return FALSE;

  self->read_only = TRUE;
  return TRUE;
}

static gboolean
open_memory (InnDatabase *self, GError **error)
{
  return connect_to (self, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error) &&
         exec (self, "PRAGMA foreign_keys = ON", error) && migrate (self, error);
}

static void
take_notice (InnDatabase *self, char *notice)
{
  g_free (self->notice);
  self->notice = notice;
}

/* Renames the file with its log, so that whoever opens it later finds all of it. */
static gboolean
keep_aside (InnDatabase *self, const char *why)
{
  static const char *const suffixes[] = { "-wal", "-shm", "" };
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *stamp = g_date_time_format (now, "%Y%m%dT%H%M%S");
  g_autofree char *name = g_strdup_printf ("%s.%s-%s", self->path, why, stamp);
  g_autofree char *mark = g_strconcat (self->path, ".damaged", NULL);
  gboolean ok = TRUE;

  /* Closing must not write the log into a file that is damaged. */
  if (self->handle != NULL)
    sqlite3_db_config (self->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  inn_database_close (self);

  for (guint i = 2; g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.%s-%s-%u", self->path, why, stamp, i);
    }

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *from = g_strconcat (self->path, suffixes[i], NULL);
      g_autofree char *to = g_strconcat (name, suffixes[i], NULL);

      if (g_file_test (from, G_FILE_TEST_EXISTS))
        ok &= g_rename (from, to) == 0;
    }

  g_unlink (mark);
  if (ok)
    take_notice (
        self, g_str_has_prefix (why, "newer")
                  ? g_strdup_printf (_ ("The local view was written by a newer Innkeeper, so a "
                                        "new one was begun. The other was kept as “%s”."),
                                     name)
                  : g_strdup_printf (_ ("The local view was damaged, so a new one was begun. The "
                                        "other was kept as “%s”."),
                                     name));
  return ok;
}

/* Whether an earlier look found damage where opening does not look. */
static gboolean
was_found_damaged (InnDatabase *self)
{
  g_autofree char *mark = g_strconcat (self->path, ".damaged", NULL);

  return g_file_test (mark, G_FILE_TEST_EXISTS) && g_file_test (self->path, G_FILE_TEST_EXISTS);
}

static gboolean
settle_for_less (InnDatabase *self, const GError *why, GError **error)
{
  if (why != NULL && g_error_matches (why, INN_ERROR, INN_ERROR_STORE) && !self->damaged)
    {
      g_propagate_error (error, g_error_copy (why));
      return FALSE;
    }

  if (open_immutable (self))
    {
      if (g_error_matches (why, INN_ERROR, INN_ERROR_NO_SPACE))
        take_notice (self, g_strdup_printf (_ ("The local view “%s” cannot be written because the "
                                               "disk is full: what you change is not kept. Free "
                                               "some space, then start again."),
                                            self->path));
      else
        take_notice (self, g_strdup_printf (_ ("The local view “%s” cannot be written: what you "
                                               "change is not kept."),
                                            self->path));
      return TRUE;
    }

  take_notice (self, g_strdup_printf (_ ("The local view “%s” can be neither read nor made. "
                                         "What you add is lost when the program ends."),
                                      self->path));
  return open_memory (self, error);
}

static gboolean
open_or_begin (InnDatabase *self, GError **error)
{
  if (was_found_damaged (self) && !keep_aside (self, "corrupt"))
    return settle_for_less (self, NULL, error);

  for (guint attempt = 0; attempt < 2; attempt++)
    {
      g_autoptr (GError) why = NULL;
      g_autofree char *newer = NULL;
      gint64 version = 0;

      switch (open_file (self, &version, &why))
        {
        case OPENED:
          if (self->read_only)
            take_notice (self, g_strdup_printf (_ ("The local view “%s” cannot be written: what "
                                                   "you change is not kept."),
                                                self->path));
          return TRUE;
        case DAMAGED:
          if (!keep_aside (self, "corrupt"))
            return settle_for_less (self, NULL, error);
          break;
        case NEWER:
          newer = g_strdup_printf ("newer-%" G_GINT64_FORMAT, version);
          if (!keep_aside (self, newer))
            return settle_for_less (self, NULL, error);
          break;
        case REFUSED:
        default:
          return settle_for_less (self, why, error);
        }
    }

  return settle_for_less (self, NULL, error);
}

/* One process at a time judges and mends the file, so that nobody puts aside what another has just
 * begun. Who cannot lock goes on: it cannot write either. */
static int
lock_folder (InnDatabase *self)
{
  g_autofree char *path = g_strconcat (self->path, ".lock", NULL);
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  for (guint i = 0; fd >= 0 && i < LOCK_TRIES && flock (fd, LOCK_EX | LOCK_NB) != 0; i++)
    g_usleep (LOCK_USEC);

  return fd;
}

/**
 * inn_database_open:
 * @self: a database that is not open
 * @error: return location
 *
 * Makes the folder (0700) and the file when they are missing. A damaged file, or one of a newer
 * program, is kept aside and a new one begun; a file that cannot be written is opened for reading;
 * where neither goes the view is in memory alone. In each such case there is a notice.
 *
 * Returns: whether it is open
 */
gboolean
inn_database_open (InnDatabase *self, GError **error)
{
  gboolean ok;
  int fd;

  g_return_val_if_fail (self->handle == NULL, FALSE);

  g_clear_pointer (&self->notice, g_free);
  if (g_mkdir_with_parents (self->directory, 0700) != 0)
    return settle_for_less (self, NULL, error);

  fd = lock_folder (self);
  ok = open_or_begin (self, error);
  if (fd >= 0)
    g_close (fd, NULL);

  return ok;
}

/**
 * inn_database_start_over:
 * @self: an open database in which damage was found
 * @error: return location
 *
 * Keeps the file aside and begins a new one.
 *
 * Returns: whether it is open
 */
gboolean
inn_database_start_over (InnDatabase *self, GError **error)
{
  int fd = lock_folder (self);
  gboolean ok;

  if (!self->read_only && keep_aside (self, "corrupt"))
    {
      g_autofree char *notice = g_steal_pointer (&self->notice);

      ok = open_or_begin (self, error);
      if (self->notice == NULL)
        self->notice = g_steal_pointer (&notice);
    }
  else
    {
      take_notice (self, g_strdup_printf (_ ("The local view “%s” is damaged and cannot be kept "
                                             "aside. What you add is lost when the program ends."),
                                          self->path));
      ok = open_memory (self, error);
    }
  if (fd >= 0)
    g_close (fd, NULL);

  return ok;
}

/* Where it cannot be seen what is at the path, what is open is still the best there is. SQLite
 * knows a file by its number alone, which one on another disk has as well when that is a copy. */
static gboolean
has_moved (InnDatabase *self)
{
  GStatBuf at_path;
  int moved = 0;

  if (self->handle == NULL || self->read_only ||
      sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) != SQLITE_OK)
    return FALSE;
  if (g_stat (self->path, &at_path) == 0)
    return moved || at_path.st_dev != self->device;

  return moved && (errno == ENOENT || errno == ENOTDIR);
}

/* The file that is open has no name any more, but all of it is there. */
static gboolean
write_again (InnDatabase *self, GError **error)
{
  g_autofree char *log = g_strconcat (self->path, "-wal", NULL);
  g_autofree char *index = g_strconcat (self->path, "-shm", NULL);

  /* What is left of the log belongs to the file that is gone, and would be taken for the new one's.
   */
  g_unlink (log);
  g_unlink (index);

  return inn_database_run (self, error, "VACUUM INTO ?1", "s", self->path);
}

/**
 * inn_database_follow:
 * @self: an open database
 * @error: return location
 *
 * Somebody may remove the file or its folder, or put another file in its place, while it is open:
 * then what is written goes nowhere. A file that is gone is written again, with all that was in it;
 * another one is opened. In both cases there is a notice, and the generation grows.
 *
 * Returns: whether there is a file to read and write; where it cannot be written again, what is
 * open stays open
 */
gboolean
inn_database_follow (InnDatabase *self, GError **error)
{
  gboolean there;
  gboolean ok;
  int fd;

  if (!has_moved (self))
    return TRUE;

  g_mkdir_with_parents (self->directory, 0700);
  fd = lock_folder (self);
  there = g_file_test (self->path, G_FILE_TEST_EXISTS);
  ok = there || write_again (self, error);
  if (ok)
    {
      inn_database_close (self);
      g_clear_pointer (&self->notice, g_free);
      self->generation++;
      ok = open_or_begin (self, error);
    }
  if (fd >= 0)
    g_close (fd, NULL);

  if (ok && self->notice == NULL)
    take_notice (self, g_strdup_printf (
                           !there ? _ ("The local view “%s” was removed while Innkeeper ran. It "
                                       "was written again, and nothing is lost.")
                                  : _ ("Another file was put in the place of the local view “%s” "
                                       "while Innkeeper ran. What is in it is shown now."),
                           self->path));
  return ok;
}
