/* inn-credential-broker.h
 *
 * SPDX-FileCopyrightText: Innkeeper contributors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "base/inn-prompter.h"
#include "secret/inn-secret-store.h"

G_BEGIN_DECLS

#define INN_TYPE_CREDENTIAL_BROKER (inn_credential_broker_get_type ())

G_DECLARE_FINAL_TYPE (InnCredentialBroker, inn_credential_broker, INN, CREDENTIAL_BROKER, GObject)

InnCredentialBroker *inn_credential_broker_new (InnSecretStore *secrets, InnPrompter *outer);

G_END_DECLS
