// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/siblings.h"
#include "models/fieldmodel.h"

/// What lies beside a database, for people.
namespace lk::models {

/// A group for each of -wal, -shm and -journal; those that are not there say so in one line.
std::vector<FieldGroup> siblingGroups(const sqlite::Glance &glance, const inspect::SiblingsFacts &siblings);
/// "left by a crash".
QString siblingStateText(inspect::SiblingState state);

}
