// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fieldmodel.h"

/// The rows of the inspector, made from facts.
namespace lk::models {

/// The header's fields; empty where the file has no header.
std::vector<FieldModel::Field> storedFields(const inspect::DatabaseFacts &facts);
/// Its -wal, -journal, who has it open, what lies in its schema.
std::vector<FieldModel::Field> surroundingFields(const inspect::DatabaseFacts &facts);
/// What SQLite would answer for the asking program, never for the file (safety.md, fact 30).
std::vector<FieldModel::Field> connectionFields();

}
