/* count-instances.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Preloaded into a program under test, unchanged: counts its live objects by type, which the
 * distributions' GLib cannot. SIGUSR1 writes what there is, and what the allocator says, to the
 * file that INNKEEPER_COUNT_FILE names: a line each, NAME, tab, number.
 *
 * What GLib makes for itself (a binding, say) does not pass here and is not counted.
 */
#include <glib-object.h>
#include <glib-unix.h>

#include <dlfcn.h>
#include <malloc.h>

typedef GObject *(*NewValist) (GType, const char *, va_list);
typedef GObject *(*NewWithProperties) (GType, guint, const char *[], const GValue[]);
typedef GTypeInstance *(*CreateInstance) (GType);
typedef void (*FreeInstance) (GTypeInstance *);

/* A sanitizer's, where the program has one. */
extern size_t __sanitizer_get_current_allocated_bytes (void) __attribute__ ((weak));

/* Built before main begins: there is nobody to hand these down from. */
static GMutex lock;
static GHashTable *live;

static void
count (GType type, int change)
{
  gpointer key = GSIZE_TO_POINTER (type);

  g_mutex_lock (&lock);
  if (live == NULL)
    live = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (
      live, key, GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (live, key)) + change));
  g_mutex_unlock (&lock);
}

static void
on_finalized (gpointer type)
{
  count (GPOINTER_TO_SIZE (type), -1);
}

static gpointer
watch (GObject *object)
{
  GQuark quark = g_quark_from_static_string ("inn-count-instances");

  /* A constructor may give an object that there was already. */
  if (object != NULL && g_object_get_qdata (object, quark) == NULL)
    {
      count (G_OBJECT_TYPE (object), 1);
      g_object_set_qdata_full (object, quark, GSIZE_TO_POINTER (G_OBJECT_TYPE (object)),
                               on_finalized);
    }

  return object;
}

GObject *
g_object_new_valist (GType type, const char *first, va_list arguments)
{
  static NewValist next;

  if (g_once_init_enter_pointer (&next))
    g_once_init_leave_pointer (&next, (NewValist) dlsym (RTLD_NEXT, "g_object_new_valist"));

  return watch (next (type, first, arguments));
}

gpointer
g_object_new (GType type, const char *first, ...)
{
  gpointer object;
  va_list arguments;

  va_start (arguments, first);
  object = g_object_new_valist (type, first, arguments);
  va_end (arguments);

  return object;
}

GObject *
g_object_new_with_properties (GType type, guint n, const char *names[], const GValue values[])
{
  static NewWithProperties next;

  if (g_once_init_enter_pointer (&next))
    g_once_init_leave_pointer (
        &next, (NewWithProperties) dlsym (RTLD_NEXT, "g_object_new_with_properties"));

  return watch (next (type, n, names, values));
}

/* What is no object: futures, events, expressions. */
GTypeInstance *
g_type_create_instance (GType type)
{
  static CreateInstance next;

  if (g_once_init_enter_pointer (&next))
    g_once_init_leave_pointer (&next, (CreateInstance) dlsym (RTLD_NEXT, "g_type_create_instance"));

  count (type, 1);
  return next (type);
}

void
g_type_free_instance (GTypeInstance *instance)
{
  static FreeInstance next;

  if (g_once_init_enter_pointer (&next))
    g_once_init_leave_pointer (&next, (FreeInstance) dlsym (RTLD_NEXT, "g_type_free_instance"));

  count (G_TYPE_FROM_INSTANCE (instance), -1);
  next (instance);
}

static gsize
bytes_in_use (void)
{
  struct mallinfo2 info;

  if (__sanitizer_get_current_allocated_bytes != NULL)
    return __sanitizer_get_current_allocated_bytes ();
  info = mallinfo2 ();
  return info.uordblks + info.hblkhd;
}

static gboolean
on_signal (gpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  GHashTableIter iter;
  gpointer type, n;

  g_mutex_lock (&lock);
  g_hash_table_iter_init (&iter, live);
  while (g_hash_table_iter_next (&iter, &type, &n))
    if (GPOINTER_TO_INT (n) != 0)
      g_string_append_printf (text, "%s\t%d\n", g_type_name (GPOINTER_TO_SIZE (type)),
                              GPOINTER_TO_INT (n));
  g_mutex_unlock (&lock);
  g_string_append_printf (text, "bytes\t%zu\n", bytes_in_use ());
  /* Whole or not at all: who waits for the file sees it when it is finished. */
  g_file_set_contents (g_getenv ("INNKEEPER_COUNT_FILE"), text->str, (gssize) text->len, NULL);

  return G_SOURCE_CONTINUE;
}

__attribute__ ((constructor)) static void
begin (void)
{
  /* The programs that this one starts are not counted. */
  g_unsetenv ("LD_PRELOAD");
  if (g_getenv ("INNKEEPER_COUNT_FILE") != NULL)
    g_unix_signal_add (SIGUSR1, on_signal, NULL);
}
