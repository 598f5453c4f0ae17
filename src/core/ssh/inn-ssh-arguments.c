/* inn-ssh-arguments.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ssh/inn-ssh-login-private.h"

#include "base/inn-error.h"
#include "ssh/inn-ssh-quote.h"

#include <glib/gi18n.h>

/* The arguments of ssh. Whatever the administrator has in ~/.ssh/config holds for the master, but
 * what would make it another thing than a master of ours. */

static void
add (GPtrArray *argv, const char *word)
{
  g_ptr_array_add (argv, g_strdup (word));
}

static void
add_option (GPtrArray *argv, const char *option)
{
  add (argv, "-o");
  add (argv, option);
}

static void
add_options (GPtrArray *argv, const char *const *options)
{
  for (guint i = 0; options[i] != NULL; i++)
    add_option (argv, options[i]);
}

static void
add_control_path (GPtrArray *argv, InnSshLogin *self)
{
  g_autofree char *path = inn_ssh_runtime_dup_path (self->runtime, "m");

  add (argv, "-S");
  g_ptr_array_add (argv, inn_ssh_quote_option_path (path));
}

static gboolean
check_target (InnSshLogin *self, GError **error)
{
  const InnSshTarget *target = &self->target;

  if (target->host == NULL || *target->host == '\0' || *target->host == '-')
    {
      inn_error_set (error, INN_ERROR_INVALID, target->host,
                     _ ("“%s” has no host name that SSH could take: correct its URI"),
                     self->host_name);
      return FALSE;
    }

  if ((target->identity != NULL && !inn_ssh_path_is_plain (target->identity)) ||
      (target->known_hosts != NULL && !inn_ssh_path_is_plain (target->known_hosts)))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("SSH cannot be told a path with quotes, backslashes or control characters: "
                        "correct “keyfile” or “known_hosts” in the URI of “%s”"),
                     self->host_name);
      return FALSE;
    }

  return TRUE;
}

static void
add_target (GPtrArray *argv, const InnSshTarget *target)
{
  if (target->port != 0)
    {
      add (argv, "-p");
      g_ptr_array_add (argv, g_strdup_printf ("%u", target->port));
    }
  if (target->user != NULL)
    {
      add (argv, "-l");
      add (argv, target->user);
    }
  if (target->identity != NULL)
    {
      add (argv, "-i");
      g_ptr_array_add (argv, inn_ssh_quote_option_path (target->identity));
    }
  if (target->known_hosts != NULL)
    {
      g_autofree char *path = inn_ssh_quote_option_path (target->known_hosts);

      add (argv, "-o");
      g_ptr_array_add (argv, g_strdup_printf ("UserKnownHostsFile=\"%s\"", path));
    }
}

GPtrArray *
_inn_ssh_login_master_argv (InnSshLogin *self, GError **error)
{
  static const char *const options[] = {
    /* A master of our own, whatever the configuration says of masters, in the foreground. */
    "ControlMaster=yes",
    "ControlPersist=no",
    "ForkAfterAuthentication=no",
    /* Nothing but a login: forwardings and commands of the configuration are for terminals. */
    "ClearAllForwardings=yes",
    "ForwardX11=no",
    "ForwardAgent=no",
    "Tunnel=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "PermitLocalCommand=no",
    /* Keys of hosts are verified, always, and the question is one that we can read. */
    "StrictHostKeyChecking=ask",
    "BatchMode=no",
    "FingerprintHash=sha256",
    "VisualHostKey=no",
    "LogLevel=INFO",
    /* A dead host is known after a quarter of a minute. */
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
    "TCPKeepAlive=yes",
    "StreamLocalBindUnlink=yes",
    "StreamLocalBindMask=0177",
    NULL,
  };
  static const char *const silent[] = { "BatchMode=yes", "StrictHostKeyChecking=yes", NULL };
  g_autoptr (GPtrArray) argv = g_ptr_array_new_null_terminated (64, g_free, TRUE);
  const char *config = g_getenv ("INNKEEPER_SSH_CONFIG");

  if (!check_target (self, error))
    return NULL;

  add (argv, "ssh");
  add (argv, "-M");
  add (argv, "-N");
  add (argv, "-T");
  /* For tests: the user's own configuration is no part of them. */
  if (config != NULL)
    {
      add (argv, "-F");
      add (argv, config);
    }
  add_control_path (argv, self);
  /* The first word counts. */
  if (self->is_silent)
    add_options (argv, silent);
  add_options (argv, options);
  add (argv, "-o");
  g_ptr_array_add (argv, g_strdup_printf ("ConnectTimeout=%u", self->connect_timeout));
  add_target (argv, &self->target);
  add (argv, "--");
  add (argv, self->target.host);

  return g_steal_pointer (&argv);
}

/* A client of the master; the host and what it is to do follow. It reads no configuration, asks
 * nothing, and never connects by itself when the master is gone. */
GPtrArray *
_inn_ssh_login_channel_argv (InnSshLogin *self)
{
  static const char *const options[] = {
    "ControlMaster=no", "BatchMode=yes", "ProxyCommand=false",
    "ForwardAgent=no",  "ForwardX11=no", NULL,
  };
  GPtrArray *argv = g_ptr_array_new_null_terminated (32, g_free, TRUE);

  add (argv, "ssh");
  add (argv, "-T");
  add (argv, "-F");
  add (argv, "none");
  add_control_path (argv, self);
  add_options (argv, options);

  return argv;
}
