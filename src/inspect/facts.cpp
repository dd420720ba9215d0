// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/facts.h"

namespace lk::inspect {

const char *stateName(sqlite::State state)
{
    switch (state) {
    case sqlite::State::Database:
        return "database";
    case sqlite::State::Damaged:
        return "damaged";
    case sqlite::State::Empty:
        return "empty";
    case sqlite::State::MaybeEncrypted:
        return "encrypted?";
    case sqlite::State::Sqlite2:
        return "sqlite2";
    case sqlite::State::Other:
        break;
    }
    return "other";
}

const char *journalModeName(const sqlite::Header &header)
{
    return header.isWal() ? "wal" : "rollback";
}

const char *autoVacuumName(const sqlite::Header &header)
{
    if (header.largestRootPage == 0)
        return "none";
    return header.incrementalVacuum != 0 ? "incremental" : "full";
}

const char *encodingName(const sqlite::Header &header)
{
    switch (header.textEncoding) {
    case 0: // not decided before the first table is made; SQLite's answer is its default
    case 1:
        return "UTF-8";
    case 2:
        return "UTF-16le";
    case 3:
        return "UTF-16be";
    default:
        return nullptr;
    }
}

}
