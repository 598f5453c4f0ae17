/* innkeeper-askpass.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
/* What ssh runs to ask a question (SSH_ASKPASS). It hands the question to the program that started
 * ssh, over a private socket, and prints the answer. It knows nothing else and keeps nothing: no
 * GLib, so that each byte of an answer is in a buffer that is wiped. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_BYTES 4096

static int
write_all (int fd, const char *data, size_t size)
{
  while (size > 0)
    {
      ssize_t n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return -1;
      data += n;
      size -= (size_t) n;
    }

  return 0;
}

/* Each field ends with a NUL byte, so that none can run into the next. */
static int
write_field (int fd, const char *text)
{
  return write_all (fd, text != NULL ? text : "", (text != NULL ? strlen (text) : 0) + 1);
}

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd;

  if (path == NULL || strlen (path) >= sizeof address.sun_path)
    return -1;
  strcpy (address.sun_path, path);

  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  if (connect (fd, (struct sockaddr *) &address, sizeof address) == 0)
    return fd;

  close (fd);
  return -1;
}

/* The answer is "+TEXT" up to the end of the stream; anything else is a refusal. */
static int
pass_answer_on (int fd)
{
  char answer[ANSWER_BYTES];
  size_t used = 0;
  int status = 1;

  while (used < sizeof answer - 1)
    {
      ssize_t n = read (fd, answer + used, sizeof answer - 1 - used);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      used += (size_t) n;
    }

  if (used > 0 && answer[0] == '+')
    {
      answer[used] = '\n';
      status = write_all (STDOUT_FILENO, answer + 1, used) == 0 ? 0 : 1;
    }
  explicit_bzero (answer, sizeof answer);

  return status;
}

int
main (int argc, char **argv)
{
  int fd = connect_to (getenv ("INNKEEPER_ASKPASS_SOCKET"));
  int status = 1;

  if (fd < 0)
    return 1;

  if (write_field (fd, getenv ("INNKEEPER_ASKPASS_TOKEN")) == 0 &&
      write_field (fd, getenv ("SSH_ASKPASS_PROMPT")) == 0 &&
      write_field (fd, argc > 1 ? argv[1] : "") == 0)
    status = pass_answer_on (fd);

  close (fd);
  return status;
}
