/* inn-application.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "app/inn-app-context.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define INN_TYPE_APPLICATION (inn_application_get_type ())

G_DECLARE_FINAL_TYPE (InnApplication, inn_application, INN, APPLICATION, AdwApplication)

InnApplication *inn_application_new (void);

G_END_DECLS
