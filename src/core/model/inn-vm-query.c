/* inn-vm-query.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "model/inn-vm-query.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>
#include <string.h>

/**
 * InnVmQuery:
 *
 * A filter over guests, as people type it: words that all must match, separated by spaces.
 * `web` looks into name, title, address and UUID; `host:rack1`, `state:running`, `tag:web` look
 * into one field; `mem>4G`, `cpu>=80`, `uptime<1h` compare; `-` before a word turns it round;
 * quotation marks keep spaces together. Immutable.
 */

typedef enum
{
  FIELD_ANY,
  FIELD_NAME,
  FIELD_HOST,
  FIELD_CLUSTER,
  FIELD_STATE,
  FIELD_TAG,
  FIELD_OS,
  FIELD_ADDRESS,
  FIELD_UUID,
  FIELD_AUTOSTART,
  FIELD_PERSISTENT,
  FIELD_CPU,
  FIELD_MEMORY,
  FIELD_USED,
  FIELD_VCPUS,
  FIELD_DISK,
  FIELD_NET,
  FIELD_UPTIME,
} Field;

typedef enum
{
  KIND_TEXT,
  KIND_STATE,
  KIND_BOOLEAN,
  KIND_NUMBER,
  KIND_BYTES,
  KIND_TIME,
} Kind;

static const struct
{
  const char *word;
  Field field;
  Kind kind;
} fields[] = {
  { "name", FIELD_NAME, KIND_TEXT },
  { "host", FIELD_HOST, KIND_TEXT },
  { "cluster", FIELD_CLUSTER, KIND_TEXT },
  { "state", FIELD_STATE, KIND_STATE },
  { "is", FIELD_STATE, KIND_STATE },
  { "tag", FIELD_TAG, KIND_TEXT },
  { "os", FIELD_OS, KIND_TEXT },
  { "address", FIELD_ADDRESS, KIND_TEXT },
  { "ip", FIELD_ADDRESS, KIND_TEXT },
  { "uuid", FIELD_UUID, KIND_TEXT },
  { "autostart", FIELD_AUTOSTART, KIND_BOOLEAN },
  { "persistent", FIELD_PERSISTENT, KIND_BOOLEAN },
  { "cpu", FIELD_CPU, KIND_NUMBER },
  { "mem", FIELD_MEMORY, KIND_BYTES },
  { "memory", FIELD_MEMORY, KIND_BYTES },
  { "used", FIELD_USED, KIND_BYTES },
  { "vcpus", FIELD_VCPUS, KIND_NUMBER },
  { "disk", FIELD_DISK, KIND_BYTES },
  { "net", FIELD_NET, KIND_BYTES },
  { "uptime", FIELD_UPTIME, KIND_TIME },
};

typedef enum
{
  COMPARE_IS,
  COMPARE_LESS,
  COMPARE_LESS_EQUAL,
  COMPARE_MORE,
  COMPARE_MORE_EQUAL,
} Compare;

typedef struct
{
  Field field;
  Kind kind;
  Compare compare;
  gboolean negated;
  gboolean ascii;
  char *text;    /* folded */
  guint states;  /* bit set */
  double number; /* bytes, seconds, percent */
} Term;

struct _InnVmQuery
{
  GObject parent_instance;

  GArray *terms;
  InnInventory *inventory;
};

G_DEFINE_FINAL_TYPE (InnVmQuery, inn_vm_query, G_TYPE_OBJECT)

static void
term_clear (gpointer data)
{
  g_free (((Term *) data)->text);
}

static void
inn_vm_query_finalize (GObject *object)
{
  InnVmQuery *self = INN_VM_QUERY (object);

  g_clear_pointer (&self->terms, g_array_unref);
  g_clear_object (&self->inventory);

  G_OBJECT_CLASS (inn_vm_query_parent_class)->finalize (object);
}

static void
inn_vm_query_class_init (InnVmQueryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_vm_query_finalize;
}

static void
inn_vm_query_init (InnVmQuery *self)
{
  self->terms = g_array_new (FALSE, TRUE, sizeof (Term));
  g_array_set_clear_func (self->terms, term_clear);
}

static gboolean
set_text (Term *term, const char *value)
{
  term->text = g_utf8_casefold (value, -1);
  term->ascii = g_str_is_ascii (term->text);
  return TRUE;
}

static gboolean
set_state (Term *term, const char *value, GError **error)
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
set_boolean (Term *term, const char *value, GError **error)
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
get_factor (Kind kind, const char *unit)
{
  static const char sizes[] = "kmgt";
  const char *found;
  double factor = 1;

  if (*unit == '\0' || (kind == KIND_NUMBER && g_str_equal (unit, "%")))
    return 1;
  if (kind == KIND_TIME)
    return get_time_factor (unit);
  if (kind != KIND_BYTES)
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
set_number (Term *term, const char *value, GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (value, &end);
  double factor = end != value ? get_factor (term->kind, end) : 0;

  if (factor > 0)
    {
      term->number = number * factor;
      return TRUE;
    }

  if (term->kind == KIND_BYTES)
    inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("“%s” is no size; write it as 512M or 4G"),
                   value);
  else if (term->kind == KIND_TIME)
    inn_error_set (error, INN_ERROR_INVALID, NULL,
                   _ ("“%s” is no time span; write it as 30m, 12h or 7d"), value);
  else
    inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("“%s” is no number"), value);
  return FALSE;
}

static const char *
read_operator (const char *at, Compare *compare)
{
  *compare = COMPARE_IS;
  if (*at == '<' || *at == '>')
    {
      *compare = *at == '<' ? COMPARE_LESS : COMPARE_MORE;
      if (at[1] == '=')
        {
          *compare = *at == '<' ? COMPARE_LESS_EQUAL : COMPARE_MORE_EQUAL;
          return at + 2;
        }
    }

  return at + 1;
}

static gboolean
fill_field (Term *term, const char *key, const char *value, GError **error)
{
  guint i;

  for (i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_ascii_strcasecmp (key, fields[i].word) == 0)
      break;
  if (i == G_N_ELEMENTS (fields))
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("There is no field “%s”; use name, host, cluster, state, tag, os, ip, mem, "
                        "cpu, disk, net or uptime"),
                     key);
      return FALSE;
    }
  if (*value == '\0')
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL, _ ("Say what “%s” should be"), key);
      return FALSE;
    }

  term->field = fields[i].field;
  term->kind = fields[i].kind;
  if (term->compare != COMPARE_IS && term->kind < KIND_NUMBER)
    {
      inn_error_set (error, INN_ERROR_INVALID, NULL,
                     _ ("“%s” cannot be compared by size; write %s:%s"), key, key, value);
      return FALSE;
    }

  if (term->kind == KIND_STATE)
    return set_state (term, value, error);
  if (term->kind == KIND_BOOLEAN)
    return set_boolean (term, value, error);
  if (term->kind == KIND_TEXT)
    return set_text (term, value);
  return set_number (term, value, error);
}

/* @word has its quotation marks removed; @key_end is where its operator is, -1 for none. */
static gboolean
add_term (InnVmQuery *self, const char *word, gssize key_end, gboolean negated, GError **error)
{
  Term term = { 0 };
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
    term_clear (&term);
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

static gboolean
contains (const Term *term, const char *hay)
{
  g_autofree char *folded = NULL;

  if (hay == NULL)
    return FALSE;
  if (term->ascii)
    return strcasestr (hay, term->text) != NULL;

  folded = g_utf8_casefold (hay, -1);
  return strstr (folded, term->text) != NULL;
}

static gboolean
any_contains (const Term *term, const char *const *strv)
{
  for (guint i = 0; strv != NULL && strv[i] != NULL; i++)
    if (contains (term, strv[i]))
      return TRUE;

  return FALSE;
}

static const char *
get_cluster_name (InnVmQuery *self, InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);
  InnCluster *cluster = NULL;

  if (host != NULL && self->inventory != NULL)
    cluster = inn_inventory_get_cluster_of (self->inventory, host);

  return cluster != NULL ? inn_cluster_get_name (cluster) : NULL;
}

static gboolean
matches_number (const Term *term, double value)
{
  if (value < 0)
    return FALSE;

  switch (term->compare)
    {
    case COMPARE_LESS:
      return value < term->number;
    case COMPARE_LESS_EQUAL:
      return value <= term->number;
    case COMPARE_MORE:
      return value > term->number;
    case COMPARE_MORE_EQUAL:
      return value >= term->number;
    case COMPARE_IS:
    default:
      return ABS (value - term->number) < 0.5;
    }
}

static double
sum (float a, float b)
{
  return a < 0 && b < 0 ? -1 : MAX (a, 0) + MAX (b, 0);
}

static double
get_number (const Term *term, InnVm *vm)
{
  const InnVmSample *sample = inn_vm_get_sample (vm);
  gint64 started_at = inn_vm_get_started_at (vm);

  switch ((guint) term->field)
    {
    case FIELD_CPU:
      return sample->cpu_percent;
    case FIELD_MEMORY:
      return inn_vm_get_max_memory_kib (vm) * 1024.0;
    case FIELD_USED:
      return sample->memory_used_kib > 0 ? sample->memory_used_kib * 1024.0 : -1;
    case FIELD_VCPUS:
      return inn_vm_get_vcpus (vm);
    case FIELD_DISK:
      return sum (sample->disk_read_bps, sample->disk_write_bps);
    case FIELD_NET:
      return sum (sample->net_rx_bps, sample->net_tx_bps);
    case FIELD_UPTIME:
      return started_at > 0 ? g_get_real_time () / G_USEC_PER_SEC - started_at : -1;
    default:
      return -1;
    }
}

static gboolean
matches_term (InnVmQuery *self, const Term *term, InnVm *vm)
{
  InnHost *host = inn_vm_get_host (vm);

  switch (term->field)
    {
    case FIELD_ANY:
      return contains (term, inn_vm_get_name (vm)) || contains (term, inn_vm_get_title (vm)) ||
             any_contains (term, inn_vm_get_addresses (vm)) ||
             contains (term, inn_vm_get_uuid (vm));
    case FIELD_NAME:
      return contains (term, inn_vm_get_name (vm));
    case FIELD_HOST:
      return host != NULL && contains (term, inn_host_get_name (host));
    case FIELD_CLUSTER:
      return contains (term, get_cluster_name (self, vm));
    case FIELD_STATE:
      return (term->states & (1u << inn_vm_get_state (vm))) != 0;
    case FIELD_TAG:
      return any_contains (term, inn_vm_get_tags (vm));
    case FIELD_OS:
      return contains (term, inn_vm_get_os (vm));
    case FIELD_ADDRESS:
      return any_contains (term, inn_vm_get_addresses (vm));
    case FIELD_UUID:
      return contains (term, inn_vm_get_uuid (vm));
    case FIELD_AUTOSTART:
      return inn_vm_get_autostart (vm) == (term->number > 0);
    case FIELD_PERSISTENT:
      return inn_vm_get_persistent (vm) == (term->number > 0);
    case FIELD_CPU:
    case FIELD_MEMORY:
    case FIELD_USED:
    case FIELD_VCPUS:
    case FIELD_DISK:
    case FIELD_NET:
    case FIELD_UPTIME:
    default:
      return matches_number (term, get_number (term, vm));
    }
}

/**
 * inn_vm_query_matches:
 * @self: a filter
 * @vm: a guest
 *
 * Returns: whether every word of the filter fits the guest
 */
gboolean
inn_vm_query_matches (InnVmQuery *self, InnVm *vm)
{
  g_return_val_if_fail (INN_IS_VM_QUERY (self), FALSE);

  for (guint i = 0; i < self->terms->len; i++)
    {
      const Term *term = &g_array_index (self->terms, Term, i);

      if (matches_term (self, term, vm) == term->negated)
        return FALSE;
    }

  return TRUE;
}

/**
 * inn_vm_query_is_empty:
 * @self: a filter
 *
 * Returns: whether it lets every guest through
 */
gboolean
inn_vm_query_is_empty (InnVmQuery *self)
{
  g_return_val_if_fail (INN_IS_VM_QUERY (self), TRUE);

  return self->terms->len == 0;
}
