/* inn-key-typer.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/console/inn-key-typer.h"

#include <linux/input-event-codes.h>

/* X11's key codes, which Wayland took over, are evdev's plus this. */
#define EVDEV_OFFSET 8
/* An emulated PS/2 keyboard forgets keys that the guest is too slow for. */
#define STROKE_MSEC 40
/* Beyond are keys that only some keyboards have, and that a PS/2 keyboard has no code for. */
#define LAST_COMMON_CODE KEY_F12

enum
{
  SIGNAL_DONE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  guint code;
  guint keyval;
  int level; /* 1 needs Shift, 2 needs AltGr, 3 both */
} Stroke;

/**
 * InnKeyTyper:
 *
 * Types a text into a guest that knows no clipboard, key by key. Keys are those of the layout of
 * this desktop, as when a person types: the guest has to have the same one. "done" is emitted at
 * the end, also when the screen went away meanwhile.
 */
struct _InnKeyTyper
{
  GObject parent_instance;

  InnDisplaySource *source;
  GArray *strokes;
  guint next;
  guint left_out;
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (InnKeyTyper, inn_key_typer, G_TYPE_OBJECT)

static gboolean
is_better (const GdkKeymapKey *key, const GdkKeymapKey *than)
{
  gboolean common = key->keycode - EVDEV_OFFSET <= LAST_COMMON_CODE;
  gboolean than_common = than->keycode - EVDEV_OFFSET <= LAST_COMMON_CODE;

  if (common != than_common)
    return common;
  if (key->group != than->group)
    return key->group < than->group;
  return key->level < than->level;
}

static gboolean
find_stroke (GdkDisplay *display, gunichar character, Stroke *stroke)
{
  guint keyval = character == '\n'   ? GDK_KEY_Return
                 : character == '\t' ? GDK_KEY_Tab
                                     : gdk_unicode_to_keyval (character);
  g_autofree GdkKeymapKey *keys = NULL;
  const GdkKeymapKey *best = NULL;
  int n_keys = 0;

  if (!gdk_display_map_keyval (display, keyval, &keys, &n_keys))
    return FALSE;

  for (int i = 0; i < n_keys; i++)
    if (keys[i].keycode > EVDEV_OFFSET && keys[i].level <= 3 &&
        (best == NULL || is_better (&keys[i], best)))
      best = &keys[i];
  if (best == NULL)
    return FALSE;

  *stroke = (Stroke) { best->keycode - EVDEV_OFFSET, keyval, best->level };
  return TRUE;
}

static void
fill_strokes (InnKeyTyper *self, GdkDisplay *display, const char *text)
{
  guint n = 0;

  for (const char *at = text; *at != '\0' && n < INN_KEY_TYPER_MAX; at = g_utf8_next_char (at), n++)
    {
      gunichar character = g_utf8_get_char (at);
      Stroke stroke;

      if (character == '\r')
        continue;
      if (find_stroke (display, character, &stroke))
        g_array_append_val (self->strokes, stroke);
      else
        self->left_out++;
    }
}

static void
type (InnDisplaySource *source, const Stroke *stroke)
{
  if (stroke->level & 1)
    inn_display_source_key (source, KEY_LEFTSHIFT, GDK_KEY_Shift_L, TRUE);
  if (stroke->level & 2)
    inn_display_source_key (source, KEY_RIGHTALT, GDK_KEY_ISO_Level3_Shift, TRUE);
  inn_display_source_key (source, stroke->code, stroke->keyval, TRUE);
  inn_display_source_key (source, stroke->code, stroke->keyval, FALSE);
  if (stroke->level & 2)
    inn_display_source_key (source, KEY_RIGHTALT, GDK_KEY_ISO_Level3_Shift, FALSE);
  if (stroke->level & 1)
    inn_display_source_key (source, KEY_LEFTSHIFT, GDK_KEY_Shift_L, FALSE);
}

static gboolean
tick_cb (gpointer user_data)
{
  InnKeyTyper *self = user_data;

  if (self->next < self->strokes->len &&
      inn_display_source_get_state (self->source) == INN_DISPLAY_READY)
    {
      type (self->source, &g_array_index (self->strokes, Stroke, self->next++));
      return G_SOURCE_CONTINUE;
    }

  self->tick_id = 0;
  g_signal_emit (self, signals[SIGNAL_DONE], 0);
  return G_SOURCE_REMOVE;
}

static void
inn_key_typer_dispose (GObject *object)
{
  InnKeyTyper *self = INN_KEY_TYPER (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->source);

  G_OBJECT_CLASS (inn_key_typer_parent_class)->dispose (object);
}

static void
inn_key_typer_finalize (GObject *object)
{
  g_array_unref (INN_KEY_TYPER (object)->strokes);

  G_OBJECT_CLASS (inn_key_typer_parent_class)->finalize (object);
}

static void
inn_key_typer_class_init (InnKeyTyperClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = inn_key_typer_dispose;
  object_class->finalize = inn_key_typer_finalize;

  signals[SIGNAL_DONE] = g_signal_new ("done", INN_TYPE_KEY_TYPER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                       NULL, G_TYPE_NONE, 0);
}

static void
inn_key_typer_init (InnKeyTyper *self)
{
  self->strokes = g_array_new (FALSE, FALSE, sizeof (Stroke));
}

/**
 * inn_key_typer_new:
 * @display: whose keyboard layout the keys are of
 * @source: a screen that is ready
 * @text: to type; its first INN_KEY_TYPER_MAX characters
 *
 * Returns: (transfer full): a typer that has begun; dropping it stops it between two keys
 */
InnKeyTyper *
inn_key_typer_new (GdkDisplay *display, InnDisplaySource *source, const char *text)
{
  InnKeyTyper *self;

  g_return_val_if_fail (GDK_IS_DISPLAY (display), NULL);
  g_return_val_if_fail (INN_IS_DISPLAY_SOURCE (source), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  self = g_object_new (INN_TYPE_KEY_TYPER, NULL);
  self->source = g_object_ref (source);
  fill_strokes (self, display, text);
  self->tick_id = g_timeout_add (STROKE_MSEC, tick_cb, self);

  return self;
}

/**
 * inn_key_typer_get_left_out:
 * @self: a typer
 *
 * Returns: how many characters no key has
 */
guint
inn_key_typer_get_left_out (InnKeyTyper *self)
{
  g_return_val_if_fail (INN_IS_KEY_TYPER (self), 0);

  return self->left_out;
}

/**
 * inn_key_typer_get_stopped:
 * @self: a typer that is done
 *
 * Returns: whether the screen went away before the end of the text
 */
gboolean
inn_key_typer_get_stopped (InnKeyTyper *self)
{
  g_return_val_if_fail (INN_IS_KEY_TYPER (self), FALSE);

  return self->next < self->strokes->len;
}
