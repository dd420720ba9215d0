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
    bool operator==(const Bytes &) const = default;
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
    const char *text = "";      ///< a sentence, untranslated
    const char *operation = ""; ///< "journal": operations::Operation::id
    const char *parameter = ""; ///< "mode"
    const char *value = "";     ///< "wal"
};

/// What a rule has to know of a file. Where that is not known, it can't judge.
enum class Need
{
    Nothing,   ///< that there is such a file
    Header,    ///< a database's header
    Look,      ///< holders, siblings, the folders' modes: inspect::look()
    Structure, ///< tables and their columns, indexes, references
    Space,     ///< how large each table is
    History,   ///< what Litekeeper did with it
};

/// Whose files a rule speaks of.
enum class Scope
{
    Every,
    Undecided, ///< not those that an application looks after itself: advice would only interfere
};

struct Rule;

/// What a rule found in one file.
struct Finding
{
    const Rule *rule = nullptr;
    std::vector<Value> values{};        ///< of the rule's sentences
    std::optional<Severity> severity{}; ///< where it differs from the rule's

    Severity weight() const;
};

/// Something worth knowing of a database. Pure: looks at the facts, reads nothing. All texts are untranslated
/// (QT_TRANSLATE_NOOP("Rule", …)), and may have %1 … for the finding's values; words/ makes the sentences.
struct Rule
{
    const char *id; ///< never changes: it is what people mute
    Severity severity;
    Need need;
    Scope scope;
    const char *title; ///< a few words, of tables; without values
    const char *seen;  ///< with numbers: "The -wal is %1, %2 times …"
    const char *why;   ///< why it matters
    const char *gain;  ///< what the fix gains
    const char *risk;  ///< what it risks
    Fix fix;
    const char *undo;
    const char *link; ///< primary source
    /// Asked only where what it needs is known. Need not set the finding's rule. Null: the doctor judges, who knows
    /// more.
    std::optional<Finding> (*judge)(const inspect::DatabaseFacts &facts) = nullptr;
};

/// All rules there are.
std::span<const Rule *const> rules();
const Rule *find(std::string_view id);

/// What all rules say of one file.
struct Advice
{
    std::vector<Finding> findings;        ///< the weightiest first
    std::vector<const Rule *> judged;     ///< with findings or without
    std::vector<const Rule *> notJudged;  ///< what they need is not known
    std::vector<const Rule *> notAskedOf; ///< it is the application's business
};

Advice judge(const inspect::DatabaseFacts &facts);
/// Its findings alone.
std::vector<Finding> advise(const inspect::DatabaseFacts &facts);

/// A file and what is to be said of it.
struct FileFindings
{
    Path path;
    std::vector<Finding> findings;
};

/// The same finding in many files.
struct Group
{
    const Rule *rule = nullptr;
    Severity weight{}; ///< of the weightiest
    std::vector<Path> files;
};

/// By rule: the weightiest first, then those with the most files.
std::vector<Group> grouped(std::span<const FileFindings> files);

}
