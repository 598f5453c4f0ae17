/* vnc-fixture.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "vnc-fixture.h"

#include "base/inn-error.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void
vnc_script_u8 (GByteArray *script, guint8 value)
{
  g_byte_array_append (script, &value, 1);
}

void
vnc_script_u16 (GByteArray *script, guint16 value)
{
  value = GUINT16_TO_BE (value);
  g_byte_array_append (script, (const guint8 *) &value, 2);
}

void
vnc_script_u32 (GByteArray *script, guint32 value)
{
  value = GUINT32_TO_BE (value);
  g_byte_array_append (script, (const guint8 *) &value, 4);
}

void
vnc_script_text (GByteArray *script, const char *text)
{
  g_byte_array_append (script, (const guint8 *) text, strlen (text));
}

/* A server that asks for no password, up to where the screen begins. */
GByteArray *
vnc_script_new (guint width, guint height)
{
  static const guint8 format[] = { 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0 };
  GByteArray *script = g_byte_array_new ();

  vnc_script_text (script, "RFB 003.008\n");
  vnc_script_u8 (script, 1);
  vnc_script_u8 (script, 1);
  vnc_script_u32 (script, 0);
  vnc_script_u16 (script, width);
  vnc_script_u16 (script, height);
  g_byte_array_append (script, format, sizeof format);
  vnc_script_u32 (script, 4);
  vnc_script_text (script, "fake");

  return script;
}

/* An update of one rectangle; what it holds comes next. */
void
vnc_script_rect (GByteArray *script, guint x, guint y, guint width, guint height, gint32 encoding)
{
  vnc_script_u8 (script, 0);
  vnc_script_u8 (script, 0);
  vnc_script_u16 (script, 1);
  vnc_script_u16 (script, x);
  vnc_script_u16 (script, y);
  vnc_script_u16 (script, width);
  vnc_script_u16 (script, height);
  vnc_script_u32 (script, encoding);
}

void
vnc_script_fill (GByteArray *script, guint width, guint height, guint32 pixel)
{
  for (guint i = 0; i < width * height; i++)
    vnc_script_u32 (script, GUINT32_SWAP_LE_BE (pixel));
}

typedef struct
{
  int fd;
  VncThen then;
  GByteArray *script;
} Server;

static gboolean
send_all (int fd, const guint8 *bytes, gsize size)
{
  gsize done = 0;

  while (done < size)
    {
      gssize n = send (fd, bytes + done, size - done, MSG_NOSIGNAL);

      if (n < 0)
        return FALSE;
      done += n;
    }
  return TRUE;
}

static gpointer
drain_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  guint8 buffer[4096];

  while (recv (fd, buffer, sizeof buffer, 0) > 0)
    continue;
  return NULL;
}

static gpointer
serve_thread (gpointer data)
{
  Server *server = data;
  GThread *drain = g_thread_new ("drain", drain_thread, GINT_TO_POINTER (server->fd));
  gboolean ok = send_all (server->fd, server->script->data, server->script->len);
  guint8 last[256];

  memset (last, server->script->len > 0 ? server->script->data[server->script->len - 1] : 0,
          sizeof last);
  while (ok && server->then == VNC_THEN_REPEAT)
    ok = send_all (server->fd, last, sizeof last);
  if (server->then == VNC_THEN_CLOSE)
    shutdown (server->fd, SHUT_WR);

  g_thread_join (drain);
  close (server->fd);
  g_byte_array_unref (server->script);
  g_free (server);
  return NULL;
}

int
vnc_serve (GByteArray *script, VncThen then)
{
  Server *server = g_new0 (Server, 1);
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  server->fd = fds[0];
  server->then = then;
  server->script = script;
  g_thread_unref (g_thread_new ("serve", serve_thread, server));

  return fds[1];
}

struct _Answers
{
  GObject parent_instance;

  char **texts;
  const char *purpose;
  guint asked;
  guint last_attempt;
};

static DexFuture *
answers_ask (InnPrompter *prompter, const InnPrompt *prompt, GCancellable *cancellable)
{
  Answers *self = TEST_ANSWERS (prompter);

  g_assert_true (g_str_has_prefix (prompt->purpose, self->purpose));
  self->last_attempt = prompt->attempt;
  if (self->asked >= g_strv_length (self->texts))
    return inn_reject (inn_error_new (INN_ERROR_AUTH_CANCELLED, NULL, "closed"));

  return dex_future_new_take_boxed (INN_TYPE_PROMPT_REPLY,
                                    inn_prompt_reply_new (self->texts[self->asked++], FALSE));
}

static void
answers_iface_init (InnPrompterInterface *iface)
{
  iface->ask = answers_ask;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Answers,
                               answers,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (INN_TYPE_PROMPTER, answers_iface_init))

static void
answers_finalize (GObject *object)
{
  g_strfreev (TEST_ANSWERS (object)->texts);
  G_OBJECT_CLASS (answers_parent_class)->finalize (object);
}

static void
answers_class_init (AnswersClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = answers_finalize;
}

static void
answers_init (Answers *self)
{
}

InnPrompter *
answers_new_for (const char *purpose, const char *const *texts)
{
  Answers *self = g_object_new (TYPE_ANSWERS, NULL);

  self->purpose = purpose;
  self->texts = g_strdupv ((char **) texts);
  return INN_PROMPTER (self);
}

InnPrompter *
answers_new (const char *const *texts)
{
  return answers_new_for ("vnc", texts);
}

guint
answers_get_asked (InnPrompter *self)
{
  return TEST_ANSWERS (self)->asked;
}

guint
answers_get_last_attempt (InnPrompter *self)
{
  return TEST_ANSWERS (self)->last_attempt;
}

gboolean
vnc_can_connect (gpointer path)
{
  int fd = vnc_connect (path);

  if (fd < 0)
    return FALSE;

  close (fd);
  return TRUE;
}

GSubprocess *
vnc_qemu_start (const char *path, const char *options, const char *const *extra)
{
  g_autofree char *vnc = g_strconcat ("unix:", path, options, NULL);
  const char *const screen[] = { "-vga", "std", "-vnc", vnc, NULL };
  GSubprocess *qemu = vnc_qemu_spawn (screen, extra);

  if (qemu != NULL)
    inn_test_spin (vnc_can_connect, (gpointer) path);
  return qemu;
}

GSubprocess *
vnc_qemu_spawn (const char *const *screen, const char *const *extra)
{
  static const char *const bare[] = { "-accel", "tcg", "-display", "none", "-nodefaults", NULL };
  const char *const *const parts[] = { bare, screen, extra };
  g_autofree char *program = g_find_program_in_path ("qemu-system-x86_64");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  GSubprocess *qemu;

  if (program == NULL)
    {
      g_test_skip ("qemu-system-x86_64 is not installed");
      return NULL;
    }

  g_ptr_array_add (argv, program);
  for (guint part = 0; part < G_N_ELEMENTS (parts); part++)
    for (guint i = 0; parts[part] != NULL && parts[part][i] != NULL; i++)
      g_ptr_array_add (argv, (gpointer) parts[part][i]);
  g_ptr_array_add (argv, NULL);

  qemu = g_subprocess_newv ((const char *const *) argv->pdata, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  return qemu;
}

void
vnc_qemu_stop (GSubprocess *qemu)
{
  g_subprocess_force_exit (qemu);
  g_subprocess_wait (qemu, NULL, NULL);
}

int
vnc_connect (const char *path)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, NULL);

  if (!g_socket_connect (socket, address, NULL, NULL))
    return -1;

  return dup (g_socket_get_fd (socket));
}

/* Returns FALSE, and skips, when the machine lacks a program. */
gboolean
vnc_run_program (const char *const *argv)
{
  g_autofree char *program = g_find_program_in_path (argv[0]);
  g_autoptr (GSubprocess) process = NULL;

  if (program == NULL)
    {
      g_test_skip_printf ("%s is not installed", argv[0]);
      return FALSE;
    }

  process = g_subprocess_newv (
      argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
  return TRUE;
}

gboolean
vnc_make_pki (const char *dir, const char *name)
{
  g_autofree char *program = g_test_build_filename (G_TEST_DIST, "common", "make-pki", NULL);
  g_autofree char *openssl = g_find_program_in_path ("openssl");

  if (openssl == NULL)
    {
      g_test_skip ("openssl is not installed");
      return FALSE;
    }

  return vnc_run_program ((const char *[]) { program, dir, name, NULL });
}

gboolean
vnc_is_ready (gpointer source)
{
  return inn_display_source_get_state (source) == INN_DISPLAY_READY;
}

gboolean
vnc_is_closed (gpointer source)
{
  return inn_display_source_get_state (source) == INN_DISPLAY_CLOSED;
}

guint32
vnc_pixel (gpointer source, int x, int y)
{
  InnFrame frame;
  guint32 pixel;

  inn_display_source_get_frame (source, &frame);
  g_assert_true (x < frame.width && y < frame.height && frame.data != NULL);
  memcpy (&pixel, frame.data + (gsize) y * frame.stride + (gsize) x * 4, 4);
  return pixel & 0xffffff;
}

/* Pixels that are not black. */
guint
vnc_count_lit (gpointer source)
{
  InnFrame frame;
  guint lit = 0;

  inn_display_source_get_frame (INN_DISPLAY_SOURCE (source), &frame);
  for (int y = 0; y < frame.height; y++)
    for (int x = 0; x < frame.width; x++)
      lit += vnc_pixel (source, x, y) != 0;
  return lit;
}
