/* inn-log-line.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "base/inn-log-line.h"

/**
 * InnLogLine:
 *
 * A line of an operation's log. Immutable.
 */
struct _InnLogLine
{
  GObject parent_instance;

  char *text;
};

G_DEFINE_FINAL_TYPE (InnLogLine, inn_log_line, G_TYPE_OBJECT)

static void
inn_log_line_finalize (GObject *object)
{
  InnLogLine *self = INN_LOG_LINE (object);

  g_free (self->text);

  G_OBJECT_CLASS (inn_log_line_parent_class)->finalize (object);
}

static void
inn_log_line_class_init (InnLogLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_log_line_finalize;
}

static void
inn_log_line_init (InnLogLine *self)
{
}

/**
 * inn_log_line_new:
 * @text: one line; bytes that are no UTF-8 are replaced
 *
 * Returns: (transfer full): a line
 */
InnLogLine *
inn_log_line_new (const char *text)
{
  InnLogLine *self = g_object_new (INN_TYPE_LOG_LINE, NULL);

  self->text = g_utf8_make_valid (text, -1);

  return self;
}

/**
 * inn_log_line_get_text:
 * @self: a line
 *
 * Returns: valid UTF-8, text and no markup
 */
const char *
inn_log_line_get_text (InnLogLine *self)
{
  g_return_val_if_fail (INN_IS_LOG_LINE (self), NULL);

  return self->text;
}
