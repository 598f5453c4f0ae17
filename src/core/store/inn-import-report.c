/* inn-import-report.c
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include "store/inn-import-report.h"

#include <glib/gi18n.h>

G_DEFINE_BOXED_TYPE (InnImportReport,
                     inn_import_report,
                     inn_import_report_ref,
                     inn_import_report_unref)

/**
 * inn_import_report_new:
 *
 * Returns: (transfer full): nothing was found yet
 */
InnImportReport *
inn_import_report_new (void)
{
  InnImportReport *self = g_new0 (InnImportReport, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->skipped = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/**
 * inn_import_report_ref:
 * @self: a report
 *
 * Returns: (transfer full): @self
 */
InnImportReport *
inn_import_report_ref (InnImportReport *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * inn_import_report_unref:
 * @self: (transfer full): a report
 */
void
inn_import_report_unref (InnImportReport *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->skipped);
  g_free (self);
}

/**
 * inn_import_report_skip:
 * @self: a report
 * @uri: the connection that was left out
 * @why: the reason
 */
void
inn_import_report_skip (InnImportReport *self, const char *uri, const GError *why)
{
  g_ptr_array_add (self->skipped, g_strdup_printf ("%s: %s", uri, why->message));
}

/**
 * inn_import_report_summarize:
 * @self: a report
 * @nothing: what to say when there was nothing to import, translated
 *
 * Returns: (transfer full): a translated line: how many were added, known, and left out
 */
char *
inn_import_report_summarize (const InnImportReport *self, const char *nothing)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (self->n_data_centers > 0)
    g_ptr_array_add (parts,
                     g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u data center added",
                                                   "%u data centers added", self->n_data_centers),
                                      self->n_data_centers));
  if (self->n_clusters > 0)
    g_ptr_array_add (parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u cluster added",
                                                          "%u clusters added", self->n_clusters),
                                             self->n_clusters));
  if (self->n_added > 0)
    g_ptr_array_add (parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u host added",
                                                          "%u hosts added", self->n_added),
                                             self->n_added));
  if (self->n_present > 0)
    g_ptr_array_add (parts, /* Translators: hosts; continues “3 hosts added, ” */
                     g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u known already",
                                                   "%u known already", self->n_present),
                                      self->n_present));
  if (self->skipped->len > 0)
    g_ptr_array_add (parts, /* Translators: hosts; continues “3 hosts added, ” */
                     g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u left out", "%u left out",
                                                   self->skipped->len),
                                      self->skipped->len));
  if (parts->len == 0)
    return g_strdup (nothing);

  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **) parts->pdata);
}

/**
 * inn_import_report_list_skipped:
 * @self: a report
 *
 * Returns: (transfer full): a line for each that was left out, with the reason
 */
char *
inn_import_report_list_skipped (const InnImportReport *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->skipped->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const char *) g_ptr_array_index (self->skipped, i));

  return g_string_free_and_steal (text);
}
