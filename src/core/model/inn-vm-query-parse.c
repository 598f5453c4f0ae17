/* inn-vm-query-parse.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm-query-private.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <string.h>

/* What people type, read into terms. */

static const struct
{
  const char *word;
  InnQueryField field;
  InnQueryKind kind;
} fields[] = {
  { "name", INN_QUERY_FIELD_NAME, INN_QUERY_KIND_TEXT },
  { "host", INN_QUERY_FIELD_HOST, INN_QUERY_KIND_TEXT },
  { "cluster", INN_QUERY_FIELD_CLUSTER, INN_QUERY_KIND_TEXT },
  { "state", INN_QUERY_FIELD_STATE, INN_QUERY_KIND_STATE },
  { "is", INN_QUERY_FIELD_STATE, INN_QUERY_KIND_STATE },
  { "tag", INN_QUERY_FIELD_TAG, INN_QUERY_KIND_TEXT },
  { "os", INN_QUERY_FIELD_OS, INN_QUERY_KIND_TEXT },
  { "address", INN_QUERY_FIELD_ADDRESS, INN_QUERY_KIND_TEXT },
  { "ip", INN_QUERY_FIELD_ADDRESS, INN_QUERY_KIND_TEXT },
  { "uuid", INN_QUERY_FIELD_UUID, INN_QUERY_KIND_TEXT },
  { "autostart", INN_QUERY_FIELD_AUTOSTART, INN_QUERY_KIND_BOOLEAN },
  { "persistent", INN_QUERY_FIELD_PERSISTENT, INN_QUERY_KIND_BOOLEAN },
  { "cpu", INN_QUERY_FIELD_CPU, INN_QUERY_KIND_NUMBER },
  { "mem", INN_QUERY_FIELD_MEMORY, INN_QUERY_KIND_BYTES },
  { "memory", INN_QUERY_FIELD_MEMORY, INN_QUERY_KIND_BYTES },
  { "used", INN_QUERY_FIELD_USED, INN_QUERY_KIND_BYTES },
  { "vcpus", INN_QUERY_FIELD_VCPUS, INN_QUERY_KIND_NUMBER },
  { "disk", INN_QUERY_FIELD_DISK, INN_QUERY_KIND_BYTES },
  { "net", INN_QUERY_FIELD_NET, INN_QUERY_KIND_BYTES },
  { "uptime", INN_QUERY_FIELD_UPTIME, INN_QUERY_KIND_TIME },
};

static gboolean
set_text (InnQueryTerm *term, const char *value)
{
  term->text = g_utf8_casefold (value, -1);
  term->ascii = g_str_is_ascii (term->text);
  return TRUE;
}

static gboolean
set_state (InnQueryTerm *term, const char *value, GError **error)
{
  g_autofree char *lower = g_utf8_strdown (value, -1);

  for (guint i = INN_VM_NOSTATE; i <= INN_VM_PMSUSPENDED; i++)
    {
      g_autofree char *label = g_utf8_strdown (inn_vm_state_get_label (i), -1);

      if (*lower != '\0' &&
          (g_str_has_prefix (inn_vm_state_to_nick (i), lower) || g_str_has_prefix (label, lower)))
        term->states |= 1u << i;
      if (g_strcmp0 (lower, "active") == 0 && inn_vm_state_is_active (i))
        term->states |= 1u << i;
    }
  if (g_str_equal (lower, "off") || g_str_equal (lower, "stopped"))
    term->states |= 1u << INN_VM_SHUTOFF;

  if (term->states != 0)
    return TRUE;

  inn_error_set (error, INN_ERROR_INVALID, NULL,
                 _ ("There is no state “%s”; use running, paused, shutoff, crashed or active"),
                 value);
  return FALSE;
}

static gboolean
set_boolean (InnQueryTerm *term, const char *value, GError **error)
{
  if (g_ascii_strcasecmp (value, "yes") == 0 || g_ascii_strcasecmp (value, "on") == 0 ||
      g_ascii_strcasecmp (value, "true") == 0)
    term->number = 1;
  else if (g_ascii_strcasecmp (value, "no") != 0 && g_ascii_strcasecmp (value, "off") != 0 &&
           g_ascii_strcasecmp (value, "false") != 0)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("Use yes or no instead of “%s”"), value);
      return FALSE;
    }

  return TRUE;
}

static double
get_time_factor (const char *unit)
{
  static const int seconds[] = { 1, 60, 3600, 86400 };
  const char *found = unit[1] == '\0' ? strchr ("smhd", g_ascii_tolower (unit[0])) : NULL;

  return found != NULL ? seconds[strcspn ("smhd", found)] : 0;
}

static double
get_factor (InnQueryKind kind, const char *unit)
{
  static const char sizes[] = "kmgt";
  const char *found;
  double factor = 1;

  if (*unit == '\0' || (kind == INN_QUERY_KIND_NUMBER && g_str_equal (unit, "%")))
    return 1;
  if (kind == INN_QUERY_KIND_TIME)
    return get_time_factor (unit);
  if (kind != INN_QUERY_KIND_BYTES)
    return 0;

  found = strchr (sizes, g_ascii_tolower (unit[0]));
  if (found == NULL || (unit[1] != '\0' && g_ascii_strcasecmp (unit + 1, "ib") != 0 &&
                        g_ascii_strcasecmp (unit + 1, "b") != 0))
    return 0;
  for (const char *c = sizes; c <= found; c++)
    factor *= 1024;

  return factor;
}

static gboolean
set_number (InnQueryTerm *term, const char *value, GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);
  double factor = end != value ? get_factor (term->kind, end) : 0;

  if (factor > 0)
    {
      term->number = number * factor;
      return TRUE;
    }

  if (term->kind == INN_QUERY_KIND_BYTES)
    inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("“%s” is no size; write it as 512M or 4G"),
                   value);
  else if (term->kind == INN_QUERY_KIND_TIME)
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("“%s” is no time span; write it as 30m, 12h or 7d"), value);
  else
    inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("“%s” is no number"), value);
  return FALSE;
}

static const char *
read_operator (const char *at, InnQueryCompare *compare)
{
  *compare = INN_QUERY_COMPARE_IS;
  if (*at == '<' || *at == '>')
    {
      *compare = *at == '<' ? INN_QUERY_COMPARE_LESS : INN_QUERY_COMPARE_MORE;
      if (at[1] == '=')
        {
          *compare = *at == '<' ? INN_QUERY_COMPARE_LESS_EQUAL : INN_QUERY_COMPARE_MORE_EQUAL;
          return at + 2;
        }
    }

  return at + 1;
}

/* All there are, so that an error is never behind the table. */
static char *
list_fields (void)
{
  GString *list = g_string_new (fields[0].word);

  for (guint i = 1; i < G_N_ELEMENTS (fields); i++)
    g_string_append_printf (list, ", %s", fields[i].word);

  return g_string_free_and_steal (list);
}

static gboolean
fill_field (InnQueryTerm *term, const char *key, const char *value, GError **error)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_ascii_strcasecmp (key, fields[i].word) == 0)
      break;
  if (i == G_N_ELEMENTS (fields))
    {
      g_autofree char *known = list_fields ();

      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     /* Translators: the second is a list, such as “name, host, ip” */
                     _ ("There is no field “%s”; there are: %s"), key, known);
      return FALSE;
    }
  if (*value == '\0')
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("Say what “%s” should be"), key);
      return FALSE;
    }

  term->field = fields[i].field;
  term->kind = fields[i].kind;
  if (term->compare != INN_QUERY_COMPARE_IS && term->kind < INN_QUERY_KIND_NUMBER)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("“%s” cannot be compared by size; write %s:%s"), key, key, value);
      return FALSE;
    }

  if (term->kind == INN_QUERY_KIND_STATE)
    return set_state (term, value, error);
  if (term->kind == INN_QUERY_KIND_BOOLEAN)
    return set_boolean (term, value, error);
  if (term->kind == INN_QUERY_KIND_TEXT)
    return set_text (term, value);
  return set_number (term, value, error);
}

/* @word has its quotation marks removed; @key_end is where its operator is, -1 for none. */
static gboolean
add_term (InnVmQuery *self, const char *word, gssize key_end, gboolean negated, GError **error)
{
  InnQueryTerm term = { 0 };
  gboolean ok;

  term.negated = negated;
  if (key_end > 0)
    {
      g_autofree char *key = g_strndup (word, key_end);
      const char *value = read_operator (word + key_end, &term.compare);

      ok = fill_field (&term, key, value, error);
    }
  else
    ok = set_text (&term, word);

  if (!ok)
    _inn_query_term_clear (&term);
  else
    g_array_append_val (self->terms, term);
  return ok;
}

/* Reads one word; quotation marks keep spaces and operators as they are. */
static const char *
read_word (const char *at, GString *word, gssize *key_end, gboolean *open)
{
  gboolean quoted = FALSE;

  *key_end = -1;
  for (; *at != '\0' && (quoted || !g_ascii_isspace (*at)); at++)
    {
      if (*at == '"')
        {
          quoted = !quoted;
          continue;
        }
      if (!quoted && *key_end < 0 && strchr (":<>=", *at) != NULL)
        *key_end = word->len;
      g_string_append_c (word, *at);
    }

  *open = quoted;
  return at;
}

/* An address or a UUID has colons and dashes too: what is before the colon must look like a word.
 */
static gboolean
is_key (const char *word, gssize length)
{
  if (length <= 0)
    return FALSE;
  for (gssize i = 0; i < length; i++)
    if (!g_ascii_isalpha (word[i]))
      return FALSE;
  if (word[length] != ':')
    return TRUE;

  /* fe80::1 and friends: hexadecimal before the colon, and no field of ours. */
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strlen (fields[i].word) == (gsize) length &&
        g_ascii_strncasecmp (fields[i].word, word, length) == 0)
      return TRUE;
  for (gssize i = 0; i < length; i++)
    if (!g_ascii_isxdigit (word[i]))
      return TRUE;
  return FALSE;
}

/**
 * inn_vm_query_parse:
 * @text: (nullable): what was typed
 * @inventory: (nullable): where `cluster:` looks names up
 * @error: return location for an %INN_ERROR_INVALID that says what to type instead
 *
 * Returns: (transfer full) (nullable): the filter; an empty one for no text
 */
InnVmQuery *
inn_vm_query_parse (const char *text, InnInventory *inventory, GError **error)
{
  g_autoptr (InnVmQuery) self = g_object_new (INN_TYPE_VM_QUERY, NULL);
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  const char *at = valid;

  g_set_object (&self->inventory, inventory);
  for (;;)
    {
      g_autoptr (GString) word = g_string_new (NULL);
      gboolean negated = FALSE;
      gboolean open;
      gssize key_end;

      while (g_ascii_isspace (*at))
        at++;
      if (*at == '\0')
        return g_steal_pointer (&self);
      if (*at == '-' && at[1] != '\0' && !g_ascii_isspace (at[1]))
        {
          negated = TRUE;
          at++;
        }

      at = read_word (at, word, &key_end, &open);
      if (open)
        {
          inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("A quotation mark is not closed"));
          return NULL;
        }
      if (!is_key (word->str, key_end))
        key_end = -1;
      if (word->len > 0 && !add_term (self, word->str, key_end, negated, error))
        return NULL;
    }
}
