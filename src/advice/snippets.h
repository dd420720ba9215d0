// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/pathtext.h"
#include "advice/profiles.h"
#include "inspect/facts.h"

#include <expected>

/// Code to copy that gives every connection of a program the right settings. The texts are resources/snippets/ID.txt;
/// how they are filled in stands in snippets.cpp.
namespace lk::advice {

/// What Litekeeper's own tests do with a framework's code.
enum class Proof
{
    Run,           ///< they run it and read every setting back (tst_runsnippets)
    Documentation, ///< it follows the framework's documentation and source
};

struct Framework
{
    const char *id;    ///< as `settings --for` has it; "ID.txt" is its text
    const char *title; ///< untranslated ("Framework")
    Target target;     ///< how the path is written in it
    Proof proof;
    bool utf8Only = false; ///< refuses other names, though its language could say them
    bool trims = false;    ///< takes blanks away at the end of a name
};

std::span<const Framework> frameworks();
const Framework *findFramework(std::string_view id);
/// The one whose code fits a project's version and the file that its settings are in; null if there is none.
const Framework *frameworkFor(const inspect::Project &project);

/// Why there can be no code. Sentences are made in words/.
enum class Inexpressible
{
    NotUtf8,
    BlankAtEnd,
    TooLong, ///< for SQLite, whatever the language
};

/// What the code is for.
struct SnippetWish
{
    const Framework &framework;
    Profile profile = Profile::Web;
    Path path{};     ///< absolute; empty: a place for one
    bool wal = true; ///< false where there can be no WAL: a network file system
};

/// The wish for a file as it was seen; without a path, for any.
SnippetWish wishFor(const Framework &framework, Profile profile, const inspect::DatabaseFacts &facts);

std::expected<std::string, Inexpressible> snippet(const SnippetWish &wish);

}
