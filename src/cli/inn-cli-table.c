/* inn-cli-table.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "inn-cli-output.h"

#define COLUMN_GAP 2

struct _InnCliTable
{
  GPtrArray *rows; /* GStrv; the first is the headings */
  guint n_columns;
  guint64 right; /* a bit for each column that is shown to the right */
};

/* A longer cell moves the rest of its own row and leaves the other rows alone. */
#define MAX_PADDED_CELLS 48

#define ZERO_WIDTH_NON_JOINER 0x200c
#define ZERO_WIDTH_JOINER 0x200d

/* Marks that turn the reading direction or are not seen: with them a name can look like another.
 * The two joiners are part of how some languages, and families of people, are written. */
static gboolean
is_hidden (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  if (type == G_UNICODE_FORMAT)
    return c != ZERO_WIDTH_NON_JOINER && c != ZERO_WIDTH_JOINER;
  return type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

/**
 * inn_cli_escape:
 * @text: (nullable): any bytes, of a host or guest
 *
 * Returns: (transfer full): @text with all that could command a terminal written out: `\x1b`,
 *   `\u202e`
 */
char *
inn_cli_escape (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  GString *escaped = g_string_new (NULL);

  for (const char *at = valid; *at != 0; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c < 0x20 || (c >= 0x7f && c < 0xa0))
        g_string_append_printf (escaped, "\\x%02x", c);
      else if (is_hidden (c))
        g_string_append_printf (escaped, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
      else
        g_string_append_unichar (escaped, c);
    }

  return g_string_free_and_steal (escaped);
}

/**
 * inn_cli_width:
 * @text: valid UTF-8
 *
 * Returns: how many cells a terminal takes for it
 */
guint
inn_cli_width (const char *text)
{
  guint width = 0;

  for (const char *at = text; *at != 0; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (!g_unichar_iszerowidth (c))
        width += g_unichar_iswide (c) ? 2 : 1;
    }

  return width;
}

/**
 * inn_cli_table_new:
 * @headings: translated headings, at most 64; one with ">" before it is a column of numbers
 *
 * Returns: (transfer full): a table without rows
 */
InnCliTable *
inn_cli_table_new (const char *const *headings)
{
  InnCliTable *self = g_new0 (InnCliTable, 1);
  GStrv row;

  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  self->n_columns = g_strv_length ((char **) headings);
  row = g_new0 (char *, self->n_columns + 1);
  for (guint i = 0; i < self->n_columns; i++)
    {
      gboolean right = headings[i][0] == '>';

      self->right |= right ? G_GUINT64_CONSTANT (1) << i : 0;
      row[i] = g_strdup (headings[i] + (right ? 1 : 0));
    }
  g_ptr_array_add (self->rows, row);

  return self;
}

void
inn_cli_table_free (InnCliTable *self)
{
  g_ptr_array_unref (self->rows);
  g_free (self);
}

/**
 * inn_cli_table_take_row:
 * @self: a table
 * @cells: (transfer full): as many as there are headings; escaped here
 */
void
inn_cli_table_take_row (InnCliTable *self, GStrv cells)
{
  g_return_if_fail (g_strv_length (cells) == self->n_columns);

  for (guint i = 0; i < self->n_columns; i++)
    {
      char *escaped = inn_cli_escape (cells[i]);

      g_free (cells[i]);
      cells[i] = escaped;
    }
  g_ptr_array_add (self->rows, cells);
}

static void
append_padding (GString *text, guint n)
{
  while (n-- > 0)
    g_string_append_c (text, ' ');
}

static void
format_row (InnCliTable *self, GStrv row, const guint *widths, GString *text)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      guint width = inn_cli_width (row[i]);
      guint padding = widths[i] > width ? widths[i] - width : 0;
      gboolean right = (self->right >> i) & 1;

      if (i > 0)
        append_padding (text, COLUMN_GAP);
      if (right)
        append_padding (text, padding);
      g_string_append (text, row[i]);
      if (!right && i + 1 < self->n_columns)
        append_padding (text, padding);
    }
  g_string_append_c (text, '\n');
}

/**
 * inn_cli_table_format:
 * @self: a table
 *
 * Returns: (transfer full): its lines, with columns as wide as their widest cell
 */
char *
inn_cli_table_format (InnCliTable *self)
{
  g_autofree guint *widths = g_new0 (guint, self->n_columns);
  GString *text = g_string_new (NULL);

  for (guint r = 0; r < self->rows->len; r++)
    {
      GStrv row = g_ptr_array_index (self->rows, r);

      for (guint i = 0; i < self->n_columns; i++)
        widths[i] = MAX (widths[i], MIN (inn_cli_width (row[i]), MAX_PADDED_CELLS));
    }
  for (guint r = 0; r < self->rows->len; r++)
    format_row (self, g_ptr_array_index (self->rows, r), widths, text);

  return g_string_free_and_steal (text);
}
