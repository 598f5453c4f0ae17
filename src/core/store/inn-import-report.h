/* inn-import-report.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define INN_TYPE_IMPORT_REPORT (inn_import_report_get_type ())

/* What became of hosts and groups that were imported. Boxed, reference counted. */
typedef struct
{
  gatomicrefcount ref_count;
  guint n_data_centers; /* added */
  guint n_clusters;     /* added */
  guint n_added;        /* hosts */
  guint n_present;      /* hosts that were here before */
  GPtrArray *skipped;   /* of char *: “URI: why” */
} InnImportReport;

GType inn_import_report_get_type (void);
InnImportReport *inn_import_report_new (void);
InnImportReport *inn_import_report_ref (InnImportReport *self);
void inn_import_report_unref (InnImportReport *self);
void inn_import_report_skip (InnImportReport *self, const char *uri, const GError *why);
char *inn_import_report_summarize (const InnImportReport *self, const char *nothing);
char *inn_import_report_list_skipped (const InnImportReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InnImportReport, inn_import_report_unref)

G_END_DECLS
