// SPDX-License-Identifier: GPL-3.0-or-later
#include "advice/doctor.h"

#include "advice/doctorrules.h"
#include "advice/patch.h"
#include "advice/rules.h"

#include <QStringList>

#include <algorithm>
#include <cctype>
#include <map>

namespace lk::advice {

using inspect::Configuration;
using inspect::Effect;
using inspect::Opening;
using inspect::Part;
using inspect::Setting;

const char *sourceName(Source source)
{
    switch (source) {
    case Source::Set:
        return "set";
    case Source::DriverDefault:
        return "driver default";
    case Source::Stored:
        return "stored";
    case Source::NotUnderstood:
        break;
    }
    return "not understood";
}

namespace {

/// What is said of a setting without effect: the last, or null.
const Setting *inVain(const Configuration &configuration, std::string_view setting)
{
    for (const Effect effect : {Effect::Misplaced, Effect::Ignored, Effect::Once, Effect::Unset}) {
        if (const Setting *said = configuration.find(setting, effect))
            return said;
    }
    return nullptr;
}

/// Whether \a value does what \a recommended is there for: a longer wait and safer commits do, too.
bool serves(std::string_view setting, const std::string &value, std::string_view recommended)
{
    if (setting == "busy_timeout") {
        const auto number = [](std::string_view text) {
            return QByteArray(text.data(), qsizetype(text.size())).toLongLong();
        };
        return number(value) >= number(recommended);
    }
    return value == recommended;
}

struct Wish
{
    const char *name;
    Choice choice;
};

/// What is recommended, by the names that configurations have.
std::vector<Wish> wishes(const inspect::DatabaseFacts &facts, Profile profile)
{
    const bool wal = filesystemOf(facts) != platform::FilesystemKind::Network;
    std::vector<Wish> all;
    for (const ConnectionSetting &setting : connectionSettings())
        all.push_back({setting.name, recommended(setting, profile, wal)});
    return all;
}

DoctorRow rowOf(const Case &subject, const char *setting, const Choice &choice)
{
    const InForce now = subject.inForce(setting);
    DoctorRow row{.setting = setting, .inForce = now.value, .source = now.source};
    if (const Setting *said = now.said ? now.said : inVain(subject.configuration, setting)) {
        row.file = subject.fileOf(*said);
        row.line = said->line;
    }
    if (choice.value) {
        row.recommended = choice.value;
        row.reason = choice.reason;
    }
    return row;
}

/// Settings that no table recommends, but that somebody has set.
constexpr const char *OnlyWhereSaid[] = {"database", "cache", "immutable"};

std::vector<DoctorRow> rowsOf(const Case &subject, Profile profile)
{
    std::vector<DoctorRow> rows;
    for (const auto &[name, choice] : wishes(subject.facts, profile)) {
        DoctorRow row = rowOf(subject, name, subject.configuration.driver->writes ? choice : Choice());
        if (row.line > 0 || !row.recommended.empty())
            rows.push_back(std::move(row));
    }
    for (const char *name : OnlyWhereSaid) {
        if (subject.inForce(name).said)
            rows.push_back(rowOf(subject, name, {}));
    }
    for (const Setting &setting : subject.configuration.settings) {
        if (setting.name.empty())
            rows.push_back({.setting = {},
                            .inForce = {},
                            .source = Source::NotUnderstood,
                            .file = subject.fileOf(setting),
                            .line = setting.line});
    }
    return rows;
}

/// Whether \a path means the same in an address and out of it.
bool isPlain(const Path &path)
{
    return std::ranges::all_of(path.native(), [](unsigned char c) {
        return c < 0x80 &&
               (std::isalnum(c) || std::string_view("/._-").find(static_cast<char>(c)) != std::string_view::npos);
    });
}

/// What the patch is to bring about, by setting.
using Changes = std::map<std::string, std::string>;

Changes changesFor(const Case &subject, const std::vector<DoctorRow> &rows)
{
    Changes changes;
    for (const DoctorRow &row : rows) {
        const Setting *vain = inVain(subject.configuration, row.setting);
        // What somebody wanted, and what was left to them, stays theirs where nothing is wrong with it.
        const bool isOpen = row.source == Source::DriverDefault || row.source == Source::Stored;
        const bool wanted = vain && !vain->value.empty() && isOpen;
        const std::string value = wanted ? vain->value : row.recommended;
        const bool misnamed = wanted && vain->effect == Effect::Ignored;
        if (row.setting == "database" && row.finding && isPlain(subject.facts.path))
            changes[row.setting] = subject.facts.path.native();
        else if (row.setting == "cache" && row.finding)
            changes[row.setting] = "PRIVATE";
        else if (row.setting == "immutable" && row.finding)
            changes[row.setting] = "OFF";
        else if (misnamed ||
                 (!value.empty() && (isOpen ? !serves(row.setting, row.inForce, value) : row.finding != nullptr)))
            changes[row.setting] = value;
    }
    return changes;
}

/// Edits of one configuration's files, by file.
class Patcher
{
public:
    Patcher(const Configuration &configuration, Changes changes)
        : m_configuration(configuration)
        , m_changes(std::move(changes))
    {
    }

    QString patch()
    {
        for (const inspect::Cut &cut : m_configuration.cuts) {
            if (cut.setting.empty() || m_changes.erase(cut.setting) > 0)
                m_edits[cut.file].push_back({cut.span, {}});
        }
        for (const Effect effect : {Effect::InForce, Effect::Ignored, Effect::Unset})
            changeWhatIsSaid(effect);
        for (const Opening &opening : m_configuration.openings)
            fill(opening);
        QString patch;
        for (const auto &[index, edits] : m_edits) {
            const inspect::ConfigurationFile &file = m_configuration.files[index];
            if (file.whole)
                patch += unifiedDiff(file.name, file.text, edits);
        }
        return isHarmless(patch) ? patch : QString();
    }

private:
    void changeWhatIsSaid(Effect effect)
    {
        for (const Setting &setting : m_configuration.settings) {
            if (setting.effect != effect || !setting.form)
                continue;
            const auto change = m_changes.find(setting.name);
            if (change == m_changes.end())
                continue;
            m_edits[setting.file].push_back(
                {setting.span, inspect::spelled(*setting.form, change->first, change->second)});
            m_changes.erase(change);
        }
    }

    QString filled(const Part &part)
    {
        QStringList said;
        for (const std::string &name : part.names) {
            const auto change = m_changes.find(name);
            if (change == m_changes.end())
                continue;
            said += inspect::spelled(part.form, name, change->second);
            m_changes.erase(change);
        }
        return said.isEmpty() ? QString() : part.head + said.join(part.separator) + part.tail;
    }

    void fill(const Opening &opening)
    {
        QStringList said;
        for (const Part &part : opening.parts) {
            if (const QString text = filled(part); !text.isEmpty())
                said += text;
        }
        if (!said.isEmpty())
            m_edits[opening.file].push_back(
                {{opening.at, 0}, opening.head + said.join(opening.separator) + opening.tail});
    }

    /// Nothing in it speaks to a terminal or turns what is read.
    static bool isHarmless(const QString &patch)
    {
        for (qsizetype i = 0; i < patch.size(); ++i) {
            const QChar c = patch[i];
            const bool lineEnd = c == u'\n' || (c == u'\r' && i + 1 < patch.size() && patch[i + 1] == u'\n');
            const bool odd = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
                             c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
            if (odd && !lineEnd && c != u'\t')
                return false;
        }
        return true;
    }

    const Configuration &m_configuration;
    Changes m_changes;
    std::map<std::size_t, std::vector<Edit>> m_edits;
};

Diagnosis diagnosis(const Case &subject, Profile profile)
{
    const Configuration &configuration = subject.configuration;
    Diagnosis diagnosis{.driver = configuration.driver,
                        .version = configuration.version,
                        .root = configuration.root,
                        .namesThisFile = configuration.namesThisFile,
                        .rows = rowsOf(subject, profile)};
    for (const DoctorRule &rule : doctorTable()) {
        if (std::optional<DoctorFinding> found = rule.judge(subject)) {
            found->finding.rule = &rule.rule;
            diagnosis.findings.push_back(std::move(*found));
        }
    }
    std::ranges::stable_sort(diagnosis.findings, std::greater(),
                             [](const DoctorFinding &found) { return found.finding.weight(); });
    for (DoctorRow &row : diagnosis.rows) {
        const auto found = std::ranges::find(diagnosis.findings, row.setting, &DoctorFinding::setting);
        if (found != diagnosis.findings.end() && !row.setting.empty())
            row.finding = found->finding.rule;
    }
    diagnosis.patch = Patcher(configuration, changesFor(subject, diagnosis.rows)).patch();
    return diagnosis;
}

}

InForce Case::inForce(std::string_view setting) const
{
    for (const Effect effect : {Effect::InForce, Effect::NotUnderstood}) {
        if (const Setting *said = configuration.find(setting, effect))
            return {said->value, effect == Effect::InForce ? Source::Set : Source::NotUnderstood, said};
    }
    const bool isWalFile = facts.header() && facts.header()->isWal();
    if (const char *value = configuration.driver->defaultOf(setting, setting == "synchronous" && isWal()))
        return {value, Source::DriverDefault, nullptr};
    if (setting == "journal_mode" && facts.header())
        return {isWalFile ? "WAL" : "DELETE", Source::Stored, nullptr};
    return {};
}

std::vector<Diagnosis> diagnose(const inspect::DatabaseFacts &facts,
                                std::span<const inspect::Configuration> configurations, Profile profile)
{
    std::vector<Diagnosis> all;
    for (const Configuration &configuration : configurations)
        all.push_back(diagnosis({facts, configuration}, profile));
    return all;
}

std::vector<const Rule *> doctorRules()
{
    std::vector<const Rule *> rules;
    for (const DoctorRule &rule : doctorTable())
        rules.push_back(&rule.rule);
    return rules;
}

}
