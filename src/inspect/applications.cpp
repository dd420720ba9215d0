// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/applications.h"

#include "inspect/applicationlist.h"
#include "inspect/schema.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace lk::inspect {

bool Application::has(ApplicationNote note) const
{
    return std::ranges::find(notes, note) != notes.end();
}

std::string Application::title() const
{
    return part.empty() ? name : name + " · " + part;
}

namespace {

/// Every table of a schema and its statement.
using Tables = std::unordered_map<std::string_view, std::string_view>;

/// What is known of a database.
struct Evidence
{
    std::string_view path;
    std::uint32_t applicationId = 0;
    std::uint32_t userVersion = 0;
    const Tables *tables = nullptr; ///< null: nobody has looked
};

/// How well an application fits: of two, the larger one fits better.
struct Fit
{
    bool magic = false;       ///< its application id or user version
    bool undisputed = false;  ///< no sign that could be looked for is missing
    bool application = false; ///< not a framework: many applications are made with one
    bool tables = false;
    int signs = 0;          ///< of name, folder and tables
    std::size_t detail = 0; ///< how much had to fit

    auto operator<=>(const Fit &) const = default;
    Confidence confidence() const
    {
        return magic || (undisputed && signs >= 2) ? Confidence::BelongsTo : Confidence::LooksLike;
    }
};

bool has(const Tables &tables, const TableSign &sign)
{
    const auto found = tables.find(sign.name);
    return found != tables.end() && found->second.find(sign.word) != std::string_view::npos;
}

bool isBelow(std::string_view path, const std::vector<std::string> &folders)
{
    return std::ranges::any_of(folders,
                               [&](const std::string &folder) { return path.find(folder) != std::string_view::npos; });
}

/// Keeps the application that fits best.
class Choice
{
public:
    explicit Choice(const Evidence &evidence)
        : m_evidence(evidence)
    {
    }

    /// Asks whether the application number \a index fits. \a named: the file's name does.
    void consider(std::size_t index, bool named)
    {
        const Signs &signs = m_list.signs[index];
        const auto contains = [](const std::vector<std::uint32_t> &numbers, std::uint32_t number) {
            return number != 0 && std::ranges::find(numbers, number) != numbers.end();
        };
        const bool magic = contains(signs.applicationIds, m_evidence.applicationId) ||
                           contains(signs.userVersions, m_evidence.userVersion);
        const bool looked = m_evidence.tables && !signs.tables.empty();
        const bool tables = looked && std::ranges::all_of(signs.tables, [&](const TableSign &sign) {
                                return has(*m_evidence.tables, sign);
                            });
        if (!named && !magic && !tables)
            return;
        const bool below = isBelow(m_evidence.path, signs.below);
        // Tables that are missing leave only a name in the right folder to speak for it.
        const bool disputed = looked && !tables;
        const bool byName = named && (disputed ? below : !signs.commonName || below || tables);
        const bool byTables = tables && (!signs.commonTables || named || below);
        if ((signs.onlyBelow && !below) || !(magic || byName || byTables))
            return;
        const Application &application = m_list.applications[index];
        const Fit fit{.magic = magic,
                      .undisputed = !disputed,
                      .application = application.kind != UseKind::Framework,
                      .tables = tables,
                      .signs = int(named) + int(below) + int(tables),
                      .detail = tables ? signs.tables.size() : 0};
        if (!m_best || fit > m_fit) {
            m_best = &application;
            m_fit = fit;
        }
    }

    std::optional<ApplicationMatch> result() const
    {
        if (!m_best)
            return std::nullopt;
        return ApplicationMatch{m_best, m_fit.confidence()};
    }

private:
    const ApplicationList &m_list = applicationList();
    const Evidence &m_evidence;
    const Application *m_best = nullptr;
    Fit m_fit;
};

void considerByNumber(Choice &choice, const std::map<std::uint32_t, std::size_t> &byNumber, std::uint32_t number)
{
    const auto found = byNumber.find(number);
    if (found != byNumber.end())
        choice.consider(found->second, false);
}

std::optional<ApplicationMatch> recognise(const Evidence &evidence)
{
    const ApplicationList &list = applicationList();
    const std::string_view name = path::name(evidence.path);
    Choice choice(evidence);
    considerByNumber(choice, list.byApplicationId, evidence.applicationId);
    considerByNumber(choice, list.byUserVersion, evidence.userVersion);
    if (const auto found = list.byName.find(name); found != list.byName.end()) {
        for (const std::size_t index : found->second)
            choice.consider(index, true);
    }
    if (const auto found = list.byEnding.find(name.substr(name.rfind('.') + 1)); found != list.byEnding.end()) {
        for (const NamePattern &pattern : found->second) {
            if (name.size() >= pattern.start.size() + pattern.end.size() && name.starts_with(pattern.start) &&
                name.ends_with(pattern.end))
                choice.consider(pattern.application, true);
        }
    }
    if (evidence.tables) {
        for (std::size_t i = 0; i < list.applications.size(); ++i)
            choice.consider(i, false);
    }
    return choice.result();
}

}

std::optional<ApplicationMatch> recognise(const Path &path, std::uint32_t applicationId, std::uint32_t userVersion)
{
    return recognise({path::bytes(path), applicationId, userVersion, nullptr});
}

std::optional<ApplicationMatch> recognise(const Path &path, std::uint32_t applicationId, std::uint32_t userVersion,
                                          const Schema &schema)
{
    Tables tables;
    for (const SchemaObject &object : schema.objects) {
        if (object.type == ObjectType::Table)
            tables.emplace(object.name, object.sql);
    }
    return recognise({path::bytes(path), applicationId, userVersion, &tables});
}

const std::vector<Application> &applications()
{
    return applicationList().applications;
}

}
