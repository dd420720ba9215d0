// SPDX-License-Identifier: GPL-3.0-or-later
#include "inspect/applicationlist.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <set>

/// A resource of a static library is known only after this, which has to stand outside of every namespace.
static void initResource()
{
    Q_INIT_RESOURCE(applications);
}

namespace lk::inspect {

namespace {

template <class Value>
struct Named
{
    const char *name;
    Value value;
};
template <class Value>
Named(const char *, Value) -> Named<Value>; // clang deduces it by itself from version 17 on

constexpr std::array Kinds{
    Named{"browser", UseKind::Browser},     Named{"desktop", UseKind::Desktop}, Named{"server", UseKind::Server},
    Named{"phone", UseKind::Phone},         Named{"system", UseKind::System},   Named{"document", UseKind::Document},
    Named{"framework", UseKind::Framework},
};

constexpr std::array Notes{
    Named{"locks-while-running", ApplicationNote::LocksWhileRunning},
    Named{"needs-extension", ApplicationNote::NeedsExtension},
    Named{"purge-instead", ApplicationNote::PurgeInstead},
    Named{"secrets", ApplicationNote::Secrets},
    Named{"never-modify", ApplicationNote::NeverModify},
    Named{"can-be-rebuilt", ApplicationNote::CanBeRebuilt},
    Named{"leave-to-application", ApplicationNote::LeaveToApplication},
    Named{"work-on-a-copy", ApplicationNote::WorkOnACopy},
};

/// What code there is to copy for (cli.md, `settings --for`), and Phoenix, whose projects are recognised.
constexpr std::array Frameworks{"django", "sqlalchemy", "rails",      "laravel",  "pdo",  "better-sqlite3",
                                "prisma", "go-mattn",   "go-modernc", "rusqlite", "sqlx", "sqlite-jdbc",
                                "dotnet", "qt",         "python",     "phoenix"};

/// Thrown and caught in this file only: an entry is read to the end or not at all.
struct Wrong
{
    std::string what;
};

/// An object of the file, whose every name has to be asked for.
class Reader
{
public:
    Reader(const QJsonValue &value, std::string where)
        : m_object(value.toObject())
        , m_where(std::move(where))
    {
        if (!value.isObject())
            throw Wrong{m_where + ": not an object"};
    }

    [[noreturn]] void wrong(const std::string &what) const { throw Wrong{m_where + ": " + what}; }

    std::string text(const char *name)
    {
        const QJsonValue value = take(name);
        if (!value.isUndefined() && (!value.isString() || value.toString().isEmpty()))
            wrong(std::string(name) + " is not a text");
        return value.toString().toStdString();
    }

    bool flag(const char *name)
    {
        const QJsonValue value = take(name);
        if (!value.isUndefined() && !value.isBool())
            wrong(std::string(name) + " is neither true nor false");
        return value.toBool();
    }

    std::vector<std::string> list(const char *name)
    {
        const QJsonValue value = take(name);
        std::vector<std::string> list;
        for (const QJsonValue &item : value.toArray())
            list.push_back(item.toString().toStdString());
        if (!value.isUndefined() && (list.empty() || std::ranges::find(list, std::string()) != list.end()))
            wrong(std::string(name) + " is not a list of texts");
        return list;
    }

    std::vector<std::uint32_t> numbers(const char *name)
    {
        std::vector<std::uint32_t> numbers;
        for (const std::string &text : list(name)) {
            bool ok = false;
            numbers.push_back(QByteArray::fromStdString(text).toUInt(&ok, 16));
            if (!ok)
                wrong(std::string(name) + ": '" + text + "' is not a number as 0x…");
        }
        return numbers;
    }

    template <class Value, std::size_t N>
    Value oneOf(const char *name, const std::string &text, const std::array<Named<Value>, N> &known) const
    {
        const auto found = std::ranges::find(known, text, [](const auto &entry) { return std::string(entry.name); });
        if (found == known.end())
            wrong(std::string(name) + ": '" + text + "' is not known");
        return found->value;
    }

    void end() const
    {
        for (const QString &name : m_object.keys()) {
            if (!m_asked.contains(name.toStdString()))
                wrong("'" + name.toStdString() + "' is not known");
        }
    }

private:
    QJsonValue take(const char *name)
    {
        m_asked.insert(name);
        return m_object.value(QLatin1String(name));
    }

    QJsonObject m_object;
    std::string m_where;
    std::set<std::string> m_asked;
};

/// Programs that keep the same files, each below folders of its own.
struct Member
{
    std::string id;
    std::string name;
    std::string kind; ///< empty: the entry's
    std::vector<std::string> below;
};
using Families = std::map<std::string, std::vector<Member>>;

std::vector<std::string> insidePath(std::vector<std::string> folders)
{
    for (std::string &folder : folders)
        folder = '/' + folder + '/';
    return folders;
}

Families readFamilies(const QJsonObject &object)
{
    Families families;
    for (const QString &family : object.keys()) {
        for (const QJsonValue &value : object.value(family).toArray()) {
            Reader reader(value, "family " + family.toStdString());
            families[family.toStdString()].push_back(
                {reader.text("id"), reader.text("name"), reader.text("kind"), insidePath(reader.list("below"))});
            reader.end();
        }
    }
    return families;
}

/// "schema_migrations(dirty)": the table and a word of its statement.
TableSign tableSign(const std::string &text)
{
    const std::size_t bracket = text.find('(');
    if (bracket == std::string::npos || !text.ends_with(')'))
        return {text, {}};
    return {text.substr(0, bracket), text.substr(bracket + 1, text.size() - bracket - 2)};
}

class Builder
{
public:
    explicit Builder(Families families)
        : m_families(std::move(families))
    {
    }

    void add(const QJsonValue &value, std::size_t number)
    {
        Reader reader(value, "entry " + std::to_string(number) + " (" +
                                 value.toObject().value(QLatin1String("id")).toString().toStdString() + ')');
        const std::string family = reader.text("family");
        const std::string kind = reader.text("kind");
        Application application{.id = reader.text("id"),
                                .name = reader.text("name"),
                                .part = reader.text("part"),
                                .kind = reader.oneOf("kind", kind, Kinds),
                                .notes = {},
                                .extension = reader.text("extension"),
                                .framework = reader.text("framework")};
        for (const std::string &note : reader.list("notes"))
            application.notes.push_back(reader.oneOf("notes", note, Notes));
        Signs signs{.applicationIds = reader.numbers("applicationIds"),
                    .userVersions = reader.numbers("userVersions"),
                    .below = insidePath(reader.list("below")),
                    .tables = {},
                    .commonName = reader.flag("commonName"),
                    .commonTables = reader.flag("commonTables")};
        for (const std::string &table : reader.list("tables"))
            signs.tables.push_back(tableSign(table));
        const std::vector<std::string> files = reader.list("files");
        reader.end();
        check(reader, application, signs, files);

        if (family.empty())
            return insert(reader, std::move(application), std::move(signs), files);
        if (!m_families.contains(family))
            reader.wrong("family '" + family + "' is not known");
        const bool forOthers = !application.name.empty();
        for (const Member &member : m_families.at(family)) {
            Application one = application;
            one.id = member.id + '-' + application.id;
            one.name = member.name;
            if (!member.kind.empty())
                one.kind = reader.oneOf("kind", member.kind, Kinds);
            Signs its = signs;
            its.below = member.below;
            its.onlyBelow = forOthers;
            insert(reader, std::move(one), std::move(its), files);
        }
        if (forOthers) {
            application.id = family + "-family-" + application.id;
            insert(reader, std::move(application), std::move(signs), files);
        }
    }

    ApplicationList list;

private:
    static void check(const Reader &reader, const Application &application, const Signs &signs,
                      const std::vector<std::string> &files)
    {
        if (application.id.empty())
            reader.wrong("no id");
        if (application.has(ApplicationNote::NeedsExtension) == application.extension.empty())
            reader.wrong("extension and the note needs-extension go together");
        if (!application.framework.empty() && std::ranges::find(Frameworks, application.framework) == Frameworks.end())
            reader.wrong("framework '" + application.framework + "' is not known");
        if (files.empty() && signs.applicationIds.empty() && !tablesSuffice(application, signs))
            reader.wrong("nothing to know it by");
    }

    static bool tablesSuffice(const Application &application, const Signs &signs)
    {
        return !signs.commonTables && (signs.tables.size() >= 2 || application.kind == UseKind::Framework);
    }

    void insert(const Reader &reader, Application application, Signs signs, const std::vector<std::string> &files)
    {
        const std::size_t index = list.applications.size();
        if (application.name.empty())
            reader.wrong("no name");
        if (!m_ids.insert(application.id).second)
            reader.wrong("id '" + application.id + "' is there twice");
        if (signs.commonName && signs.below.empty() && signs.tables.empty())
            reader.wrong("a common name and nothing else would never be found");
        // Where the tables' names do not suffice, they only confirm.
        signs.commonTables = !tablesSuffice(application, signs);
        for (const std::uint32_t id : signs.applicationIds) {
            if (!list.byApplicationId.emplace(id, index).second)
                reader.wrong("its application id is another's, too");
        }
        for (const std::uint32_t version : signs.userVersions)
            list.byUserVersion.emplace(version, index);
        for (const std::string &file : files)
            insertName(reader, file, index);
        list.applications.push_back(std::move(application));
        list.signs.push_back(std::move(signs));
    }

    void insertName(const Reader &reader, const std::string &file, std::size_t index)
    {
        const std::size_t star = file.find('*');
        if (star == std::string::npos) {
            list.byName[file].push_back(index);
            return;
        }
        const std::size_t dot = file.rfind('.');
        if (file.find('*', star + 1) != std::string::npos || dot == std::string::npos || dot < star)
            reader.wrong("'" + file + "': one * and behind it an ending");
        list.byEnding[file.substr(dot + 1)].push_back({file.substr(0, star), file.substr(star + 1), index});
    }

    Families m_families;
    std::set<std::string> m_ids;
};

}

std::expected<ApplicationList, std::string> parseApplications(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return std::unexpected(error.errorString().toStdString() + " at byte " + std::to_string(error.offset));
    try {
        Builder builder(readFamilies(document.object().value(QLatin1String("families")).toObject()));
        std::size_t number = 0;
        for (const QJsonValue &entry : document.object().value(QLatin1String("applications")).toArray())
            builder.add(entry, ++number);
        return std::move(builder.list);
    } catch (const Wrong &wrong) {
        return std::unexpected(wrong.what);
    }
}

const ApplicationList &applicationList()
{
    static const ApplicationList list = [] {
        initResource();
        QFile file(QStringLiteral(":/litekeeper/applications.json"));
        const bool open = file.open(QIODevice::ReadOnly);
        Q_ASSERT(open);
        auto parsed = parseApplications(file.readAll());
        Q_ASSERT_X(parsed, "applications.json", parsed ? "" : parsed.error().c_str());
        return parsed ? std::move(*parsed) : ApplicationList();
    }();
    return list;
}

}
