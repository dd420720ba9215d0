// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"
#include "models/fieldmodel.h"

/// The rows of the inspector, made from facts.
namespace lk::models {

/// The header's fields, with their default and what it would take to change them; empty where the file has no header.
std::vector<Field> storedFields(const inspect::DatabaseFacts &facts);
/// Whose it is, how it is, who uses it, what was done with it.
std::vector<Field> overviewFields(const inspect::DatabaseFacts &facts);

}
