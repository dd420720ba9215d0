// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/advisor.h"
#include "platform/mounts.h"

#include <QtGlobal>

/// For the rules_*.cpp only.
#define LK_RULE(text) QT_TRANSLATE_NOOP("Rule", text)

namespace lk::advice {

std::span<const Rule> journalRules();
std::span<const Rule> storageRules();
std::span<const Rule> schemaRules();
std::span<const Rule> safetyRules();

using inspect::DatabaseFacts;

// What several rules say.
inline constexpr const char *NothingToUndo = LK_RULE("Nothing: no file is changed by that.");

inline constexpr std::uint64_t KiB = 1024;
inline constexpr std::uint64_t MiB = 1024 * KiB;
inline constexpr std::uint64_t GiB = 1024 * MiB;

/// Whether an application sets the database up as it needs it, and nobody else should.
bool looksAfterItself(const DatabaseFacts &facts);
/// The web application or framework that uses the database: "Django", "Grafana · dashboards"; empty if none is known.
std::string serverOf(const DatabaseFacts &facts);
bool hasNote(const DatabaseFacts &facts, inspect::ApplicationNote note);
bool hasProblem(const DatabaseFacts &facts, std::initializer_list<sqlite::Problem> problems);
platform::FilesystemKind filesystemOf(const DatabaseFacts &facts);

inline std::optional<Finding> found(std::vector<Value> values = {}, std::optional<Severity> severity = {})
{
    return Finding{.rule = nullptr, .values = std::move(values), .severity = severity};
}

inline Value number(std::uint64_t count)
{
    return static_cast<std::int64_t>(count);
}

}
