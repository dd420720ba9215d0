// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "inspect/facts.h"

#include <span>
#include <variant>

namespace lk::advice {

enum class Severity
{
    Info,
    Advice,
    Warning,
    Critical,
};

const char *severityName(Severity severity); ///< "info", "advice", "warning", "critical"

/// A number or text that a sentence of a rule has for %1, %2 …; words/ shows it.
struct Bytes
{
    std::uint64_t count = 0;
};
using Value = std::variant<std::int64_t, Bytes, std::string>; ///< a text is untrusted

/// What to do about it.
struct Fix
{
    enum Kind
    {
        Instruction, ///< what the person does
        Operation,   ///< one of ours
        Settings,    ///< of the program's connections: code to copy
    };
    Kind kind = Instruction;
    const char *operation = ""; ///< "journal": operations::Operation::id
    const char *parameter = ""; ///< "mode"
    const char *value = "";     ///< "wal"
    const char *text = "";      ///< a sentence, untranslated
};

struct Rule;

/// What a rule found in one file.
struct Finding
{
    const Rule *rule = nullptr;
    std::vector<Value> values{};        ///< of the sentence seen
    std::optional<Severity> severity{}; ///< where it differs from the rule's

    Severity weight() const;
};

/// Something worth knowing of a database. Pure: looks at the facts, reads nothing. All texts are untranslated
/// (QT_TRANSLATE_NOOP("Rule", …)); words/ makes the sentences.
struct Rule
{
    const char *id; ///< never changes: it is what people mute
    Severity severity;
    const char *title; ///< a few words, of tables: "Rollback journal in a server's database"
    const char *seen;  ///< with numbers: "The -wal is %1, %2 times …"
    const char *why;   ///< why it matters
    const char *gain;  ///< what the fix gains
    const char *risk;  ///< what it risks
    Fix fix;
    const char *undo;
    const char *link; ///< primary source
    std::optional<Finding> (*judge)(const inspect::DatabaseFacts &facts);
};

/// All rules there are.
std::span<const Rule *const> rules();
const Rule *find(std::string_view id);

/// What is to be said of \a facts, the weightiest first.
std::vector<Finding> advise(const inspect::DatabaseFacts &facts);

}
