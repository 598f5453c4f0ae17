/* inn-text-link.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "console/inn-text-link.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "model/inn-host.h"

#include <glib/gi18n.h>
#include <unistd.h>

/**
 * InnTextLink:
 *
 * Keeps a text device of a guest, or a shell of a host, connected while somebody looks at it. A
 * device of a guest is opened again when it ended; a shell that ended is not, since somebody may
 * have left it.
 */
struct _InnTextLink
{
  InnLink parent_instance;

  InnTextSource *source;
  InnTextOpener opener;
  gpointer data;
  GDestroyNotify destroy;
  gboolean force; /* the next time */
  GCancellable *opening;
};

G_DEFINE_FINAL_TYPE (InnTextLink, inn_text_link, INN_TYPE_LINK)

typedef struct
{
  InnTextLink *link;
  GCancellable *cancellable;
  gboolean force;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_object_unref (opening->link);
  g_object_unref (opening->cancellable);
  g_free (opening);
}

static DexFuture *
open_fiber (gpointer user_data)
{
  Opening *opening = user_data;
  InnTextLink *self = opening->link;
  g_autoptr (GError) error = NULL;
  int fd = dex_await_fd (self->opener (inn_link_get_subject (INN_LINK (self)), opening->force,
                                       opening->cancellable, self->data),
                         &error);

  if (self->opening != opening->cancellable)
    {
      if (fd >= 0)
        close (fd);
      return dex_future_new_true ();
    }

  g_clear_object (&self->opening);
  if (fd < 0)
    {
      inn_link_lost (INN_LINK (self), error);
      return dex_future_new_true ();
    }

  inn_text_source_start (self->source, fd);
  inn_link_set_ready (INN_LINK (self));
  return dex_future_new_true ();
}

static void
inn_text_link_open (InnLink *link)
{
  InnTextLink *self = INN_TEXT_LINK (link);
  Opening *opening;

  if (self->opening != NULL)
    return;

  self->opening = g_cancellable_new ();
  opening = g_new0 (Opening, 1);
  opening->link = g_object_ref (self);
  opening->cancellable = g_object_ref (self->opening);
  opening->force = self->force;
  self->force = FALSE;
  inn_future_forget (inn_spawn ("open_fiber", open_fiber, opening, opening_free),
                     "opening a text console");
}

static void
inn_text_link_stop (InnLink *link)
{
  InnTextLink *self = INN_TEXT_LINK (link);

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->source != NULL)
    inn_text_source_close (self->source);
}

static gboolean
inn_text_link_is_open (InnLink *link)
{
  return inn_text_source_is_open (INN_TEXT_LINK (link)->source);
}

static void
closed_cb (InnTextSource *source, InnTextLink *self)
{
  GObject *subject = inn_link_get_subject (INN_LINK (self));

  if (INN_IS_VM (subject) || !inn_host_is_online (INN_HOST (subject)))
    inn_link_lost (INN_LINK (self), NULL);
  else
    inn_link_end (INN_LINK (self),
                  inn_error_new (INN_ERROR_NOT_CONNECTED, NULL, _ ("The shell on “%s” has ended"),
                                 inn_host_get_name (INN_HOST (subject))));
}

static void
inn_text_link_dispose (GObject *object)
{
  InnTextLink *self = INN_TEXT_LINK (object);

  G_OBJECT_CLASS (inn_text_link_parent_class)->dispose (object);

  g_clear_object (&self->source);
  if (self->destroy != NULL)
    g_clear_pointer (&self->data, self->destroy);
  self->destroy = NULL;
}

static void
inn_text_link_class_init (InnTextLinkClass *klass)
{
  InnLinkClass *link_class = INN_LINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = inn_text_link_dispose;
  link_class->open = inn_text_link_open;
  link_class->stop = inn_text_link_stop;
  link_class->is_open = inn_text_link_is_open;
}

static void
inn_text_link_init (InnTextLink *self)
{
  self->source = inn_text_source_new ();
  g_signal_connect_object (self->source, "closed", G_CALLBACK (closed_cb), self, 0);
}

/**
 * inn_text_link_new:
 * @subject: an #InnVm, or an #InnHost for a shell
 * @opener: opens it
 * @data: for @opener
 * @destroy: (nullable): frees @data
 *
 * Returns: (transfer full): a link that waits until it is wanted
 */
InnTextLink *
inn_text_link_new (GObject *subject, InnTextOpener opener, gpointer data, GDestroyNotify destroy)
{
  InnTextLink *self;

  g_return_val_if_fail (INN_IS_VM (subject) || INN_IS_HOST (subject), NULL);
  g_return_val_if_fail (opener != NULL, NULL);

  self = g_object_new (INN_TYPE_TEXT_LINK, "subject", subject, NULL);
  self->opener = opener;
  self->data = data;
  self->destroy = destroy;
  return self;
}

/**
 * inn_text_link_get_source:
 * @self: a link
 *
 * Returns: (transfer none): its bytes, the same object for all its life
 */
InnTextSource *
inn_text_link_get_source (InnTextLink *self)
{
  g_return_val_if_fail (INN_IS_TEXT_LINK (self), NULL);

  return self->source;
}

/**
 * inn_text_link_take_over:
 * @self: a link that failed because somebody else has it
 *
 * Tries again, and whoever has it loses it.
 */
void
inn_text_link_take_over (InnTextLink *self)
{
  g_return_if_fail (INN_IS_TEXT_LINK (self));

  self->force = TRUE;
  inn_link_retry (INN_LINK (self));
}
