/* inn-masker.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "app/inn-masker.h"

#include <string.h>

typedef struct
{
  const char *kind;
  const char *pattern;
} Shape;

/* In this order: an address within a path goes with the path, a UUID before the words in it. The
 * masks of one shape are made so that no later shape takes them for its own. */
static const Shape shapes[] = {
  { "path", "(?<![\\w/:])(?:~|\\.{1,2})?/(?:[^\\s'\"<>:,;()“”‘’]+)" },
  { "uuid", "\\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\\b" },
  { "mac", "\\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\\b" },
  { "ipv6", "(?<![\\w:])(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]{2,}"
            "(?:\\.\\d{1,3}){0,3}(?:%\\w+)?(?![\\w:])" },
  { "ipv4", "\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b" },
  { "user", "(?<=[\\s'\"/(]|^)[\\w.+-]+(?=@)" },
  { "name", "\\b(?:[\\w-]+\\.)+[a-z][a-z-]+\\b" },
  { "fingerprint", "\\b(?:SHA256|MD5):[A-Za-z0-9+/=:]+" },
};

#define MOST_PATTERN_BYTES 8192

/**
 * InnMasker:
 *
 * Replaces words that it was told, and whatever has the shape of an address, a UUID or a path.
 */
struct _InnMasker
{
  GObject parent_instance;

  GHashTable *masks;  /* lower-case word -> its mask */
  GHashTable *counts; /* kind -> how many */
  GPtrArray *words;   /* told ones, as given */
  gboolean broken;    /* a word that no expression can hold: then all is masked */
  GPtrArray *told;    /* regular expressions of the told words, longest first; made on demand */
};

G_DEFINE_FINAL_TYPE (InnMasker, inn_masker, G_TYPE_OBJECT)

static void
inn_masker_finalize (GObject *object)
{
  InnMasker *self = INN_MASKER (object);

  g_hash_table_unref (self->masks);
  g_hash_table_unref (self->counts);
  g_ptr_array_unref (self->words);
  g_clear_pointer (&self->told, g_ptr_array_unref);

  G_OBJECT_CLASS (inn_masker_parent_class)->finalize (object);
}

static void
inn_masker_class_init (InnMaskerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inn_masker_finalize;
}

static void
inn_masker_init (InnMasker *self)
{
  self->masks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->counts = g_hash_table_new (g_str_hash, g_str_equal);
  self->words = g_ptr_array_new_with_free_func (g_free);
}

/**
 * inn_masker_new:
 *
 * Returns: (transfer full): a masker that knows no word yet
 */
InnMasker *
inn_masker_new (void)
{
  return g_object_new (INN_TYPE_MASKER, NULL);
}

/* Addresses get ones that are reserved for documentation. */
static char *
make_mask (const char *kind, guint number)
{
  if (g_str_equal (kind, "ipv4"))
    return g_strdup_printf ("192.0.2.%u", number);
  if (g_str_equal (kind, "ipv6"))
    return g_strdup_printf ("2001:db8::%x", number);
  if (g_str_equal (kind, "mac"))
    return g_strdup_printf ("00:00:5e:00:53:%02x", number & 0xff);

  return g_strdup_printf ("%s-%u", kind, number);
}

static const char *
mask_for (InnMasker *self, const char *kind, const char *word)
{
  g_autofree char *key = g_utf8_strdown (word, -1);
  char *mask = g_hash_table_lookup (self->masks, key);
  guint number;

  if (mask != NULL)
    return mask;

  number = GPOINTER_TO_UINT (g_hash_table_lookup (self->counts, kind)) + 1;
  g_hash_table_insert (self->counts, (gpointer) g_intern_string (kind), GUINT_TO_POINTER (number));
  mask = make_mask (kind, number);
  g_hash_table_insert (self->masks, g_steal_pointer (&key), mask);

  return mask;
}

/**
 * inn_masker_add:
 * @self: a masker
 * @kind: what the word is and its mask begins with: "host"
 * @word: (nullable): a word that must not be seen
 */
void
inn_masker_add (InnMasker *self, const char *kind, const char *word)
{
  g_autofree char *valid = NULL;

  g_return_if_fail (INN_IS_MASKER (self));
  g_return_if_fail (kind != NULL);

  if (word == NULL || *word == 0)
    return;

  valid = g_utf8_make_valid (word, -1);
  mask_for (self, kind, valid);
  g_ptr_array_add (self->words, g_steal_pointer (&valid));
  g_clear_pointer (&self->told, g_ptr_array_unref);
}

static int
compare_length (gconstpointer a, gconstpointer b)
{
  gsize left = strlen (*(const char *const *) a);
  gsize right = strlen (*(const char *const *) b);

  return left < right ? 1 : left > right ? -1 : 0;
}

/* A word counts where no letter or digit goes on, so that a guest called "a" leaves the rest. */
static void
take_words (InnMasker *self, GString *words)
{
  g_autofree char *pattern = g_strdup_printf ("(?<![\\w])(?:%s)(?![\\w])", words->str);
  GRegex *regex = g_regex_new (pattern, G_REGEX_CASELESS, 0, NULL);

  if (regex != NULL)
    g_ptr_array_add (self->told, regex);
  else
    self->broken = TRUE;
  g_string_set_size (words, 0);
}

/* Several expressions, since one has a largest size and a view has thousands of names. */
static void
compile_told (InnMasker *self)
{
  g_autoptr (GString) words = g_string_new (NULL);

  self->told = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
  self->broken = FALSE;
  g_ptr_array_sort (self->words, compare_length);
  for (guint i = 0; i < self->words->len; i++)
    {
      g_autofree char *escaped = g_regex_escape_string (g_ptr_array_index (self->words, i), -1);

      g_string_append_printf (words, "%s%s", words->len > 0 ? "|" : "", escaped);
      if (words->len > MOST_PATTERN_BYTES)
        take_words (self, words);
    }
  if (words->len > 0)
    take_words (self, words);
}

typedef struct
{
  InnMasker *self;
  const char *kind;
} Replacement;

static gboolean
replace_cb (const GMatchInfo *info, GString *result, gpointer user_data)
{
  Replacement *replacement = user_data;
  g_autofree char *word = g_match_info_fetch (info, 0);

  g_string_append (result, mask_for (replacement->self, replacement->kind, word));
  return FALSE;
}

static void
replace_all (InnMasker *self, GRegex *regex, const char *kind, char **text)
{
  Replacement replacement = { self, kind };
  char *replaced = g_regex_replace_eval (regex, *text, -1, 0, 0, replace_cb, &replacement, NULL);

  if (replaced == NULL)
    replaced = g_strdup ("[…]");
  g_free (*text);
  *text = replaced;
}

/**
 * inn_masker_mask:
 * @self: a masker
 * @text: any text
 *
 * Returns: (transfer full): @text without the words, addresses, UUIDs and paths in it; when in
 *   doubt too much is masked
 */
char *
inn_masker_mask (InnMasker *self, const char *text)
{
  char *masked;

  g_return_val_if_fail (INN_IS_MASKER (self), NULL);

  if (self->told == NULL)
    compile_told (self);
  if (self->broken)
    return g_strdup ("[…]");

  masked = g_utf8_make_valid (text != NULL ? text : "", -1);
  for (guint i = 0; i < self->told->len; i++)
    replace_all (self, g_ptr_array_index (self->told, i), "word", &masked);

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (GRegex) regex = g_regex_new (shapes[i].pattern, G_REGEX_CASELESS, 0, NULL);

      if (regex == NULL)
        return g_strdup ("[…]");
      replace_all (self, regex, shapes[i].kind, &masked);
    }

  return masked;
}
