/* inn-format.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "ui/widgets/inn-format.h"

#include "base/inn-error.h"

#include <glib/gi18n.h>

#define DASH "–"
#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/**
 * inn_format_percent:
 * @percent: 0 to 100; negative for unknown
 *
 * Returns: (transfer full): "12.5 %" as this language writes it
 */
char *
inn_format_percent (double percent)
{
  if (percent < 0)
    return g_strdup (DASH);

  /* Translators: a share, as "12.5 %" */
  return g_strdup_printf (percent < 9.95 ? _ ("%.1f %%") : _ ("%.0f %%"), percent);
}

/**
 * inn_format_kib:
 * @kib: an amount of memory in KiB; 0 for unknown
 *
 * Returns: (transfer full): "4.0 GiB"
 */
char *
inn_format_kib (guint64 kib)
{
  if (kib == 0)
    return g_strdup (DASH);

  return g_format_size_full (kib * 1024, G_FORMAT_SIZE_IEC_UNITS);
}

/**
 * inn_format_rate:
 * @bytes_per_second: negative for unknown
 *
 * Returns: (transfer full): "1.2 MB/s"
 */
char *
inn_format_rate (double bytes_per_second)
{
  g_autofree char *size = NULL;

  if (bytes_per_second < 0)
    return g_strdup (DASH);
  /* Bytes would only make the figure jump. */
  if (bytes_per_second < 1000)
    return g_strdup (bytes_per_second < 50 ? _ ("0 kB/s") : _ ("<1 kB/s"));

  size = g_format_size ((guint64) bytes_per_second);
  /* Translators: %s is a size, the whole a rate: "1.2 MB/s" */
  return g_strdup_printf (_ ("%s/s"), size);
}

/**
 * inn_format_duration:
 * @seconds: a span
 *
 * Returns: (transfer full): its two largest units: "3 d 4 h"
 */
char *
inn_format_duration (gint64 seconds)
{
  int days = (int) MIN (seconds / DAY, G_MAXINT);
  int hours = (int) (seconds % DAY / HOUR);
  int minutes = (int) (seconds % HOUR / MINUTE);

  if (seconds < 0)
    return g_strdup (DASH);
  if (days > 0)
    /* Translators: days and hours */
    return g_strdup_printf (_ ("%d d %d h"), days, hours);
  if (hours > 0)
    /* Translators: hours and minutes */
    return g_strdup_printf (_ ("%d h %d min"), hours, minutes);
  if (minutes > 0)
    return g_strdup_printf (_ ("%d min"), minutes);

  return g_strdup (_ ("<1 min"));
}

static gint64
get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/**
 * inn_format_uptime:
 * @started_at: UNIX seconds; 0 for unknown
 *
 * Returns: (transfer full): how long ago that is
 */
char *
inn_format_uptime (gint64 started_at)
{
  if (started_at <= 0)
    return g_strdup (DASH);

  return inn_format_duration (MAX (get_now () - started_at, 0));
}

/**
 * inn_format_menu_label:
 * @name: a name
 *
 * Returns: (transfer full): the label of a menu item that shows @name; an underscore in it is no
 *   mnemonic. The title of a section has none and takes the name as it is.
 */
char *
inn_format_menu_label (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "_", -1);

  return g_strjoinv ("__", parts);
}

/**
 * inn_format_ago:
 * @unix_seconds: a time that is over; 0 for never
 *
 * Returns: (transfer full): "3 min ago"
 */
char *
inn_format_ago (gint64 unix_seconds)
{
  gint64 span = get_now () - unix_seconds;

  if (unix_seconds <= 0)
    return g_strdup (_ ("never"));
  if (span < 5)
    return g_strdup (_ ("just now"));
  if (span < MINUTE)
    return g_strdup_printf (_ ("%d s ago"), (int) span);
  if (span < HOUR)
    return g_strdup_printf (_ ("%d min ago"), (int) (span / MINUTE));
  if (span < DAY)
    return g_strdup_printf (_ ("%d h ago"), (int) (span / HOUR));
  if (span < 30 * DAY)
    return g_strdup_printf (_ ("%d d ago"), (int) (span / DAY));

  return inn_format_time (unix_seconds);
}

/**
 * inn_format_time:
 * @unix_seconds: a time
 *
 * Returns: (transfer full): date and time as this language writes them
 */
char *
inn_format_time (gint64 unix_seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (unix_seconds);

  return time != NULL ? g_date_time_format (time, "%c") : g_strdup (DASH);
}

/**
 * inn_vm_state_get_icon:
 * @state: a state
 *
 * Returns: name of its symbolic icon
 */
const char *
inn_vm_state_get_icon (InnVmState state)
{
  switch (state)
    {
    case INN_VM_RUNNING:
      return "inn-running-symbolic";
    case INN_VM_BLOCKED:
    case INN_VM_PAUSED:
    case INN_VM_PMSUSPENDED:
      return "inn-paused-symbolic";
    case INN_VM_CRASHED:
      return "dialog-error-symbolic";
    case INN_VM_SHUTDOWN:
      return "inn-stopping-symbolic";
    case INN_VM_NOSTATE:
    case INN_VM_SHUTOFF:
    default:
      return "inn-stopped-symbolic";
    }
}

/**
 * inn_vm_state_get_class:
 * @state: a state
 *
 * Returns: the style class that goes with icon and word
 */
const char *
inn_vm_state_get_class (InnVmState state)
{
  switch (state)
    {
    case INN_VM_RUNNING:
      return "success";
    case INN_VM_BLOCKED:
    case INN_VM_PAUSED:
    case INN_VM_PMSUSPENDED:
    case INN_VM_SHUTDOWN:
      return "warning";
    case INN_VM_CRASHED:
      return "error";
    case INN_VM_NOSTATE:
    case INN_VM_SHUTOFF:
    default:
      return "dimmed";
    }
}

/**
 * inn_host_state_get_icon:
 * @state: a state
 *
 * Returns: name of its symbolic icon
 */
const char *
inn_host_state_get_icon (InnHostState state)
{
  switch (state)
    {
    case INN_HOST_ONLINE:
      return "inn-host-symbolic";
    case INN_HOST_CONNECTING:
      return "content-loading-symbolic";
    case INN_HOST_LOST:
      return "dialog-warning-symbolic";
    case INN_HOST_AUTH_REQUIRED:
      return "dialog-password-symbolic";
    case INN_HOST_FAILED:
      return "dialog-error-symbolic";
    case INN_HOST_OFFLINE:
    default:
      return "inn-host-off-symbolic";
    }
}

/**
 * inn_host_state_get_class:
 * @state: a state
 *
 * Returns: the style class that goes with icon and word
 */
const char *
inn_host_state_get_class (InnHostState state)
{
  switch (state)
    {
    case INN_HOST_ONLINE:
      return "success";
    case INN_HOST_LOST:
    case INN_HOST_AUTH_REQUIRED:
      return "warning";
    case INN_HOST_FAILED:
      return "error";
    case INN_HOST_CONNECTING:
    case INN_HOST_OFFLINE:
    default:
      return "dimmed";
    }
}

/**
 * inn_host_is_key_changed:
 * @host: a host
 *
 * Returns: whether it waits for a person since its SSH key is another one than before
 */
gboolean
inn_host_is_key_changed (InnHost *host)
{
  return inn_host_get_state (host) == INN_HOST_AUTH_REQUIRED &&
         g_error_matches (inn_host_get_error (host), INN_ERROR, INN_ERROR_HOST_KEY_CHANGED);
}

/**
 * inn_host_get_word:
 * @host: a host
 *
 * Returns: a word for its state
 */
const char *
inn_host_get_word (InnHost *host)
{
  /* No login would help. */
  if (inn_host_is_key_changed (host))
    return C_ ("host state", "Key changed");

  return inn_host_state_get_label (inn_host_get_state (host));
}

/**
 * inn_severity_get_icon:
 * @severity: a severity
 *
 * Returns: name of its symbolic icon
 */
const char *
inn_severity_get_icon (InnSeverity severity)
{
  static const char *const icons[] = { "dialog-information-symbolic", "dialog-warning-symbolic",
                                       "dialog-error-symbolic" };

  return icons[MIN ((guint) severity, 2)];
}

/**
 * inn_severity_get_class:
 * @severity: a severity
 *
 * Returns: the style class that goes with icon and word
 */
const char *
inn_severity_get_class (InnSeverity severity)
{
  static const char *const classes[] = { "dimmed", "warning", "error" };

  return classes[MIN ((guint) severity, 2)];
}

/**
 * inn_severity_get_word:
 * @severity: a severity
 *
 * Returns: its translated name
 */
const char *
inn_severity_get_word (InnSeverity severity)
{
  const char *const words[] = { _ ("Information"), _ ("Warning"), _ ("Error") };

  return words[MIN ((guint) severity, 2)];
}

/**
 * inn_widget_set_state_class:
 * @widget: an icon or a word that shows a state
 * @css_class: (nullable): one of the state classes
 *
 * Gives @widget that class and takes the other state classes from it.
 */
void
inn_widget_set_state_class (GtkWidget *widget, const char *css_class)
{
  static const char *const classes[] = { "success", "warning", "error", "dimmed" };

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      if (g_strcmp0 (classes[i], css_class) == 0)
        gtk_widget_add_css_class (widget, classes[i]);
      else
        gtk_widget_remove_css_class (widget, classes[i]);
    }
}

/**
 * inn_widget_unparent_children:
 * @widget: one that is being disposed of
 *
 * Lets go of what a template put directly into @widget and gave no name:
 * gtk_widget_dispose_template() knows only what is bound.
 */
void
inn_widget_unparent_children (GtkWidget *widget)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (widget)) != NULL)
    gtk_widget_unparent (child);
}

/**
 * inn_image_set_icon_name:
 * @image: an image
 * @icon_name: name of its icon
 *
 * Leaves an image that shows that icon already alone: GTK would load and draw it again.
 */
void
inn_image_set_icon_name (GtkImage *image, const char *icon_name)
{
  if (g_strcmp0 (gtk_image_get_icon_name (image), icon_name) != 0)
    gtk_image_set_from_icon_name (image, icon_name);
}

/**
 * inn_widget_dup_narrow_layout:
 * @widget: something in a narrow window
 *
 * Returns: (transfer full): the desktop's order of the window buttons without those that make a
 *   window large or none: what is that narrow has been put where it is
 */
char *
inn_widget_dup_narrow_layout (GtkWidget *widget)
{
  g_autofree char *layout = NULL;
  g_auto (GStrv) sides = NULL;
  GString *narrow = g_string_new (NULL);

  g_object_get (gtk_widget_get_settings (widget), "gtk-decoration-layout", &layout, NULL);
  sides = g_strsplit (layout != NULL ? layout : "", ":", 2);
  for (guint i = 0; sides[i] != NULL; i++)
    {
      g_auto (GStrv) buttons = g_strsplit (sides[i], ",", -1);

      if (i > 0)
        g_string_append_c (narrow, ':');
      for (char **button = buttons; *button != NULL; button++)
        if (!g_str_equal (*button, "minimize") && !g_str_equal (*button, "maximize"))
          g_string_append_printf (narrow, "%s%s",
                                  narrow->len > 0 && narrow->str[narrow->len - 1] != ':' ? "," : "",
                                  *button);
    }

  return g_string_free (narrow, FALSE);
}

/**
 * inn_label_set_verbatim:
 * @label: a label that breaks its lines anywhere
 *
 * What is in it is compared sign by sign, as a fingerprint is, or copied: a hyphen where it breaks
 * would be one of them.
 */
void
inn_label_set_verbatim (GtkLabel *label)
{
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}
