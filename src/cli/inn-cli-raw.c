/* inn-cli-raw.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-raw.h"

#include <signal.h>
#include <termios.h>

/* Ends that pass no other way. */
static const int deaths[] = { SIGHUP, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE };

struct _InnCliRaw
{
  int fd;
  struct termios before;
  struct sigaction actions[G_N_ELEMENTS (deaths)];
};

/* For handlers of signals and of the end, which get no data: there is one terminal. */
static InnCliRaw *volatile current;

/**
 * inn_cli_raw_restore:
 *
 * For the end of the program, when what began did not come to its own.
 */
void
inn_cli_raw_restore (void)
{
  InnCliRaw *self = current;

  if (self != NULL)
    tcsetattr (self->fd, TCSADRAIN, &self->before);
}

static void
death_cb (int number)
{
  InnCliRaw *self = current;

  /* Not what waits for the terminal to be read. */
  if (self != NULL)
    tcsetattr (self->fd, TCSANOW, &self->before);
  raise (number);
}

/**
 * inn_cli_raw_begin:
 * @fd: a terminal
 *
 * Returns: (nullable): what ends it
 */
InnCliRaw *
inn_cli_raw_begin (int fd)
{
  InnCliRaw *self = g_new0 (InnCliRaw, 1);
  struct sigaction action = { .sa_handler = death_cb, .sa_flags = (int) SA_RESETHAND };
  struct termios raw;

  self->fd = fd;
  if (tcgetattr (fd, &self->before) != 0)
    {
      g_free (self);
      return NULL;
    }

  current = self;
  for (guint i = 0; i < G_N_ELEMENTS (deaths); i++)
    sigaction (deaths[i], &action, &self->actions[i]);
  raw = self->before;
  cfmakeraw (&raw);
  tcsetattr (fd, TCSADRAIN, &raw);
  return self;
}

/**
 * inn_cli_raw_end:
 * @self: (transfer full) (nullable): what began
 */
void
inn_cli_raw_end (InnCliRaw *self)
{
  if (self == NULL)
    return;

  inn_cli_raw_restore ();
  current = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (deaths); i++)
    sigaction (deaths[i], &self->actions[i], NULL);
  g_free (self);
}
