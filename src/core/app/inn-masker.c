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

/**
 * InnMasker:
 *
 * Replaces words that it was told, and whatever has the shape of an address, a UUID or a path. It
 * may be made and used on any one thread.
 */
struct _InnMasker
{
  GObject parent_instance;

  GHashTable *masks;   /* folded word -> its mask */
  GHashTable *counts;  /* kind -> how many */
  GHashTable *told;    /* folded word that was told -> its mask, which `masks` owns */
  GHashTable *given;   /* the masks of told words */
  GArray *lengths;     /* of the told words, in characters, longest first */
  GPtrArray *patterns; /* of the shapes, compiled; shorter than these when one cannot be */
};

G_DEFINE_FINAL_TYPE (InnMasker, inn_masker, G_TYPE_OBJECT)

static void
inn_masker_finalize (GObject *object)
{
  InnMasker *self = INN_MASKER (object);

  g_hash_table_unref (self->given);
  g_hash_table_unref (self->told);
  g_hash_table_unref (self->masks);
  g_hash_table_unref (self->counts);
  g_array_unref (self->lengths);
  g_ptr_array_unref (self->patterns);

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
  self->told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->given = g_hash_table_new (g_str_hash, g_str_equal);
  self->lengths = g_array_new (FALSE, FALSE, sizeof (guint));
  self->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify) g_regex_unref);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      GRegex *regex = g_regex_new (shapes[i].pattern, G_REGEX_CASELESS, 0, NULL);

      if (regex != NULL)
        g_ptr_array_add (self->patterns, regex);
    }
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

/* Upper, then lower: so that the two small sigmas are one letter. A character stays one. */
static gunichar
fold (gunichar c)
{
  return g_unichar_tolower (g_unichar_toupper (c));
}

static char *
fold_word (const char *word)
{
  GString *folded = g_string_new (NULL);

  for (const char *p = word; *p != 0; p = g_utf8_next_char (p))
    g_string_append_unichar (folded, fold (g_utf8_get_char (p)));

  return g_string_free_and_steal (folded);
}

static const char *
mask_for (InnMasker *self, const char *kind, const char *word)
{
  g_autofree char *key = fold_word (word);
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

static void
add_length (InnMasker *self, guint length)
{
  guint i = 0;

  while (i < self->lengths->len && g_array_index (self->lengths, guint, i) > length)
    i++;
  if (i == self->lengths->len || g_array_index (self->lengths, guint, i) != length)
    g_array_insert_val (self->lengths, i, length);
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
  const char *mask;

  g_return_if_fail (INN_IS_MASKER (self));
  g_return_if_fail (kind != NULL);

  if (word == NULL || *word == 0)
    return;

  valid = g_utf8_make_valid (word, -1);
  mask = mask_for (self, kind, valid);
  g_hash_table_insert (self->told, fold_word (valid), (gpointer) mask);
  g_hash_table_add (self->given, (gpointer) mask);
  add_length (self, (guint) g_utf8_strlen (valid, -1));
}

/* A character of a text, with where it begins in it and in its folded form. */
typedef struct
{
  gsize text;
  gsize folded;
  gboolean joins; /* a word goes on with it */
} Character;

/* A letter, a digit, a mark on a letter, or what joins words as "_" does: \w of the shapes. */
static gboolean
joins_word (gunichar c)
{
  return g_unichar_isalnum (c) || g_unichar_type (c) == G_UNICODE_CONNECT_PUNCTUATION ||
         g_unichar_type (c) == G_UNICODE_NON_SPACING_MARK;
}

/* The characters, with one more for the end. */
static GArray *
read_characters (const char *text, GString *folded)
{
  GArray *characters = g_array_new (FALSE, FALSE, sizeof (Character));
  Character end = { 0 };

  for (const char *p = text; *p != 0; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      Character character = { (gsize) (p - text), folded->len, joins_word (c) };

      g_array_append_val (characters, character);
      g_string_append_unichar (folded, fold (c));
    }
  end.text = strlen (text);
  end.folded = folded->len;
  g_array_append_val (characters, end);

  return characters;
}

/* Looks for the longest told word that begins at @at. A word counts where no letter or digit goes
 * on, so that a guest called "a" leaves the rest. */
static const char *
find_told (InnMasker *self, GString *folded, GArray *characters, guint at, guint *length)
{
  const Character *all = (const Character *) characters->data;

  for (guint i = 0; i < self->lengths->len; i++)
    {
      guint end = at + g_array_index (self->lengths, guint, i);
      const char *mask;
      char kept;

      if (end >= characters->len || all[end].joins)
        continue;
      kept = folded->str[all[end].folded];
      folded->str[all[end].folded] = 0;
      mask = g_hash_table_lookup (self->told, folded->str + all[at].folded);
      folded->str[all[end].folded] = kept;
      if (mask != NULL)
        {
          *length = end - at;
          return mask;
        }
    }

  return NULL;
}

/* One way through the text, however many words there are. */
static char *
mask_told (InnMasker *self, const char *text)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  g_autoptr (GArray) characters = read_characters (text, folded);
  const Character *all = (const Character *) characters->data;
  GString *masked = g_string_new (NULL);
  guint i = 0;

  while (i + 1 < characters->len)
    {
      guint length = 1;
      const char *mask =
          i > 0 && all[i - 1].joins ? NULL : find_told (self, folded, characters, i, &length);

      if (mask != NULL)
        g_string_append (masked, mask);
      else
        g_string_append_len (masked, text + all[i].text, (gssize) (all[i + 1].text - all[i].text));
      i += length;
    }

  return g_string_free_and_steal (masked);
}

typedef struct
{
  InnMasker *self;
  const char *kind;
} Replacement;

/* What a told word became stays: "user-1" of "user-1@host-1" has the shape of a name, too. */
static gboolean
replace_cb (const GMatchInfo *info, GString *result, gpointer user_data)
{
  Replacement *replacement = user_data;
  g_autofree char *word = g_match_info_fetch (info, 0);

  if (g_hash_table_contains (replacement->self->given, word))
    g_string_append (result, word);
  else
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
 * @text: (nullable): any text
 *
 * Takes time with long texts, hardly more with many words.
 *
 * Returns: (transfer full): @text without the words, addresses, UUIDs and paths in it; when in
 *   doubt too much is masked
 */
char *
inn_masker_mask (InnMasker *self, const char *text)
{
  g_autofree char *valid = NULL;
  char *masked;

  g_return_val_if_fail (INN_IS_MASKER (self), NULL);

  if (self->patterns->len < G_N_ELEMENTS (shapes))
    return g_strdup ("[…]");

  valid = g_utf8_make_valid (text != NULL ? text : "", -1);
  masked = mask_told (self, valid);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    replace_all (self, g_ptr_array_index (self->patterns, i), shapes[i].kind, &masked);

  return masked;
}
