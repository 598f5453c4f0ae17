/* inn-feedback.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/shell/inn-feedback.h"

#include "base/inn-dex.h"
#include "base/inn-error.h"
#include "ui/shell/inn-error-dialog.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Telling the user how something ended: a toast; for a failure one with its details behind it. */

static AdwToastOverlay *
find_overlay (GtkWidget *widget)
{
  GtkWidget *found = gtk_widget_get_ancestor (widget, ADW_TYPE_TOAST_OVERLAY);
  GtkRoot *root;

  if (found != NULL)
    return ADW_TOAST_OVERLAY (found);

  /* A page that was closed meanwhile, or a dialog: the window's. */
  root = gtk_widget_get_root (widget);
  if (ADW_IS_APPLICATION_WINDOW (root))
    found = adw_application_window_get_content (ADW_APPLICATION_WINDOW (root));
  return ADW_IS_TOAST_OVERLAY (found) ? ADW_TOAST_OVERLAY (found) : NULL;
}

static AdwToast *
create_toast (const char *text)
{
  /* Names of guests and hosts are in there: never markup. */
  return g_object_new (ADW_TYPE_TOAST, "use-markup", FALSE, "title", text, NULL);
}

typedef struct
{
  AdwDialog *dialog;
  GtkWidget *parent;
} Presenting;

static void
presenting_free (gpointer data)
{
  Presenting *presenting = data;

  g_object_unref (presenting->dialog);
  g_object_unref (presenting->parent);
  g_free (presenting);
}

/* At the bottom of a narrow window it would be the first button, whatever the dialog wants, and
 * that once more when it has come up. */
static gboolean
focus_cb (GtkWidget *focus, GdkFrameClock *clock, gpointer data)
{
  gtk_widget_grab_focus (focus);
  return G_SOURCE_REMOVE;
}

/* libadwaita 1.7 tries the heading of an alert on one line first, and measures it narrower than it
 * says it can be: with a long name in it that is a warning. One that may be cut can be that narrow;
 * it is broken all the same. */
static void
let_headings_shrink (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    let_headings_shrink (child);

  if (GTK_IS_LABEL (widget) && gtk_widget_has_css_class (widget, "title-2"))
    gtk_label_set_ellipsize (GTK_LABEL (widget), PANGO_ELLIPSIZE_END);
}

/**
 * inn_feedback_present_now:
 * @dialog: (transfer floating): what is asked or said
 * @parent: where
 *
 * Presents @dialog, whose heading may hold a name of any length.
 */
void
inn_feedback_present_now (AdwDialog *dialog, GtkWidget *parent)
{
  if (ADW_IS_ALERT_DIALOG (dialog))
    let_headings_shrink (adw_dialog_get_child (dialog));
  adw_dialog_present (dialog, parent);
}

static gboolean
present_cb (gpointer data)
{
  Presenting *presenting = data;

  GtkWidget *focus = adw_dialog_get_focus (presenting->dialog);

  if (gtk_widget_get_root (presenting->parent) == NULL)
    return G_SOURCE_REMOVE;

  inn_feedback_present_now (presenting->dialog, presenting->parent);
  if (focus != NULL)
    {
      gtk_widget_grab_focus (focus);
      gtk_widget_add_tick_callback (focus, focus_cb, NULL, NULL);
    }

  return G_SOURCE_REMOVE;
}

/**
 * inn_feedback_present:
 * @dialog: (transfer floating): what an action asks
 * @parent: where
 *
 * Presents @dialog as soon as the menu that the action may come from is gone: a menu that closes
 * takes the keyboard from the field that a dialog gave it to.
 */
void
inn_feedback_present (AdwDialog *dialog, GtkWidget *parent)
{
  Presenting *presenting = g_new0 (Presenting, 1);

  presenting->dialog = g_object_ref_sink (dialog);
  presenting->parent = g_object_ref (parent);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, present_cb, presenting, presenting_free);
}

/**
 * inn_feedback_toast:
 * @widget: anything in the window
 * @text: what was done, no markup
 */
void
inn_feedback_toast (GtkWidget *widget, const char *text)
{
  AdwToastOverlay *overlay = find_overlay (widget);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (overlay, create_toast (text));
}

typedef struct
{
  GWeakRef overlay;
  GError *error;
} Details;

static void
details_free (gpointer data, GClosure *closure)
{
  Details *details = data;

  g_weak_ref_clear (&details->overlay);
  g_error_free (details->error);
  g_free (details);
}

static void
on_details (AdwToast *toast, Details *details)
{
  g_autoptr (GtkWidget) overlay = g_weak_ref_get (&details->overlay);

  if (overlay != NULL)
    inn_error_dialog_present (details->error, overlay);
}

/**
 * inn_feedback_error:
 * @widget: anything in the window
 * @error: why something failed; being cancelled is no failure
 */
void
inn_feedback_error (GtkWidget *widget, const GError *error)
{
  AdwToastOverlay *overlay = find_overlay (widget);
  AdwToast *toast;
  Details *details;

  if (overlay == NULL || inn_error_is_cancelled (error))
    return;

  toast = create_toast (error->message);
  adw_toast_set_button_label (toast, _ ("_Details"));
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  adw_toast_set_timeout (toast, 10);
  details = g_new0 (Details, 1);
  g_weak_ref_init (&details->overlay, overlay);
  details->error = g_error_copy (error);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (on_details), details, details_free,
                         0);
  adw_toast_overlay_add_toast (overlay, toast);
}

typedef struct
{
  GWeakRef widget;
  char *done;
} Follow;

static void
follow_free (gpointer data)
{
  Follow *follow = data;

  g_weak_ref_clear (&follow->widget);
  g_free (follow->done);
  g_free (follow);
}

static DexFuture *
tell_cb (DexFuture *completed, gpointer data)
{
  Follow *follow = data;
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&follow->widget);
  g_autoptr (GError) error = NULL;

  if (dex_future_get_value (completed, &error) == NULL)
    {
      if (widget != NULL)
        inn_feedback_error (widget, error);
    }
  else if (widget != NULL && follow->done != NULL)
    inn_feedback_toast (widget, follow->done);

  return dex_future_new_true ();
}

/**
 * inn_feedback_follow_future:
 * @widget: anything in the window
 * @future: (transfer full): what goes on
 * @done: (nullable): what to say when it is done; nothing when that can be seen anyway
 *
 * Tells how it ends.
 */
void
inn_feedback_follow_future (GtkWidget *widget, DexFuture *future, const char *done)
{
  Follow *follow = g_new0 (Follow, 1);

  g_weak_ref_init (&follow->widget, widget);
  follow->done = g_strdup (done);
  dex_future_disown (dex_future_finally (future, tell_cb, follow, follow_free));
}

/**
 * inn_feedback_follow:
 * @widget: anything in the window
 * @operation: what goes on; its success is seen by the object's state
 *
 * Tells when it fails.
 */
void
inn_feedback_follow (GtkWidget *widget, InnOperation *operation)
{
  inn_feedback_follow_future (widget, inn_operation_await (operation), NULL);
}
