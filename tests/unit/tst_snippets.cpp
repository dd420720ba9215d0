// SPDX-License-Identifier: GPL-3.0-or-later
// The code to copy: paths in each language, what can't be said, and that every text is filled in whole.
#include "advice/snippets.h"
#include "words/settings.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

#include <set>

using namespace lk;
using namespace lk::advice;

Q_DECLARE_METATYPE(lk::advice::Target)
Q_DECLARE_METATYPE(lk::advice::Inexpressible)

static QByteArray bytes(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

class SnippetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void pathsAreWritten_data()
    {
        QTest::addColumn<Target>("target");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("expected"); // null: can't be said

        const auto row = [](const char *name, Target target, const char *path, const char *expected) {
            QTest::newRow(name) << target << QByteArray(path) << QByteArray(expected);
        };
        row("Python, plain", Target::Python, "/srv/a b.db", "'/srv/a b.db'");
        row("Python, quotes and backslashes", Target::Python, "/it's \"\\n\".db", "'/it\\'s \"\\\\n\".db'");
        row("Python, a line break", Target::Python, "/a\nb", "'/a\\u000ab'");
        row("Python, letters stay", Target::Python, "/gr\xC3\xBC\xC3\x9F.db", "'/gr\xC3\xBC\xC3\x9F.db'");
        row("Python, what turns the text around", Target::Python, "/\xE2\x80\xAE.db", "'/\\u202e.db'");
        row("Python, a byte order mark", Target::Python, "/\xEF\xBB\xBF.db", "'/\\ufeff.db'");
        row("Python, a byte that is not UTF-8", Target::Python, "/\xFF.db", "'/\\udcff.db'");
        row("JavaScript, quotes", Target::JavaScript, "/it's ${x}.db", "'/it\\'s ${x}.db'");
        row("JavaScript, its own line breaks", Target::JavaScript, "/\xE2\x80\xA8", "'/\\u2028'");
        row("JavaScript, a byte that is not UTF-8", Target::JavaScript, "/\xFF.db", nullptr);
        row("PHP, what is a variable there", Target::Php, "/$a {$b} \"c\".db", "\"/\\$a {\\$b} \\\"c\\\".db\"");
        row("PHP, a byte that is not UTF-8", Target::Php, "/\xFF\x01", "\"/\\xff\\x01\"");
        row("PHP, a character in pieces", Target::Php, "/\xE2\x80\xAE", "\"/\\xe2\\x80\\xae\"");
        row("Rust, quotes", Target::Rust, "/\"\\.db", "\"/\\\"\\\\.db\"");
        row("Rust, a tab", Target::Rust, "/\t", "\"/\\u{9}\"");
        row("Rust, a byte that is not UTF-8", Target::Rust, "/\"\xFF",
            "<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b\"/\\\"\\xff\")");
        row("Kotlin, what is a variable there", Target::Kotlin, "/$a.db", "\"/\\$a.db\"");
        row("Kotlin, a byte that is not UTF-8", Target::Kotlin, "/\xFF", nullptr);
        row("C#, quotes", Target::CSharp, "/\";Mode=Memory\\.db", "\"/\\\";Mode=Memory\\\\.db\"");
        row("C#, a byte that is not UTF-8", Target::CSharp, "/\xFF", nullptr);
        row("C++, a trigraph", Target::Cpp, "/a?\?/b", "\"/a\\?\\?/b\"");
        row("C++, a control before a digit", Target::Cpp,
            "/\x01"
            "1",
            "\"/\\0011\"");
        row("C++, a byte that is not UTF-8", Target::Cpp, "/\xFF", nullptr);
        row("YAML, a quote", Target::Yaml, "/it's # a: b.db", "'/it''s # a: b.db'");
        row("YAML, what ERB would run", Target::Yaml, "/<%= `id` %>.db", "'/<%%= `id` %>.db'");
        row("YAML, a line break", Target::Yaml, "/\"a'\n", "\"/\\\"a'\\u000a\"");
        row("YAML, a byte that is not UTF-8", Target::Yaml, "/\xFF", nullptr);
        row("shell, everything special", Target::Shell, "/it's $HOME `id` \\ \"!\".db",
            "'/it'\\''s $HOME `id` \\ \"!\".db'");
        row("shell, a line break", Target::Shell, "/it's\n\\", "$'/it\\'s\\012\\\\'");
        row("shell, a byte that is not UTF-8", Target::Shell, "/\xFF.db", "$'/\\377.db'");
        row("URI, what ends a path", Target::Uri, "/a b?c#d%e&f=g.db", "/a%20b%3Fc%23d%25e%26f%3Dg.db");
        row("URI, what a string would end with", Target::Uri, "/'\"\\$\n.db", "/%27%22%5C%24%0A.db");
        row("URI, a byte that is not UTF-8", Target::Uri, "/\xFF.db", "/%FF.db");
        row("URL, letters", Target::Url, "/\xC3\xBC.db", "/%C3%BC.db");
        row("URL, a byte that is not UTF-8", Target::Url, "/\xFF.db", nullptr);
    }
    void pathsAreWritten()
    {
        QFETCH(Target, target);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, expected);
        const std::optional<std::string> text = written(path.toStdString(), target);
        QCOMPARE(text.has_value(), !expected.isNull());
        if (text)
            QCOMPARE(bytes(*text), expected);
    }

    void whatCannotBeSaidIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("framework");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<Inexpressible>("why");
        QTest::addColumn<QString>("advice");

        const QString rename = QStringLiteral("Rename the file");
        const QByteArray latin1("/srv/caf\xE9.db");
        for (const char *id : {"dj-database-url", "rails", "better-sqlite3", "prisma", "sqlx", "dotnet", "qt", "room"})
            QTest::addRow("not UTF-8, for %s", id)
                << QString::fromLatin1(id) << latin1 << Inexpressible::NotUtf8 << rename;
        for (const char *id : {"better-sqlite3", "prisma"})
            QTest::addRow("a blank at the end, for %s", id)
                << QString::fromLatin1(id) << QByteArray("/srv/a ") << Inexpressible::BlankAtEnd << rename;
        for (const Framework &framework : frameworks())
            QTest::addRow("too long, for %s", framework.id)
                << QString::fromLatin1(framework.id) << "/" + QByteArray(504, 'a') << Inexpressible::TooLong
                << QStringLiteral("505 bytes");
    }
    void whatCannotBeSaidIsRefusedWithTheReason()
    {
        QFETCH(QString, framework);
        QFETCH(QByteArray, path);
        QFETCH(Inexpressible, why);
        QFETCH(QString, advice);
        const Framework *found = findFramework(framework.toStdString());
        QVERIFY(found);
        const Path file(path.toStdString());
        const auto code = snippet({.framework = *found, .path = file});
        QVERIFY(!code);
        QCOMPARE(code.error(), why);
        const QString sentence = words::describe(code.error(), *found, file);
        QVERIFY2(sentence.contains(advice), qPrintable(sentence));
        QVERIFY2(!sentence.contains(u'%') && !sentence.contains(u'{'), qPrintable(sentence));
    }

    void everyTextIsFilledInWhole_data()
    {
        QTest::addColumn<QString>("framework");
        for (const Framework &framework : frameworks())
            QTest::newRow(framework.id) << QString::fromLatin1(framework.id);
    }
    /// For every profile, with WAL and without.
    void everyTextIsFilledInWhole()
    {
        QFETCH(QString, framework);
        const Framework &found = *findFramework(framework.toStdString());
        for (int profile = 0; profile < 2 * Profiles; ++profile) {
            const SnippetWish wish{.framework = found,
                                   .profile = static_cast<Profile>(profile / 2),
                                   .path = "/srv/shop.db",
                                   .wal = profile % 2 == 0};
            const auto code = snippet(wish);
            QVERIFY(code);
            const QString text = QString::fromStdString(*code);
            QVERIFY2(!text.contains(QStringLiteral("{{")), qPrintable(text));
            QVERIFY2(text.contains(QStringLiteral("shop.db")), qPrintable(text));
            QVERIFY2(text.contains(QLatin1String(found.title)), qPrintable(text));
            QVERIFY2(text.contains(QLatin1String(profileTitle(wish.profile))), qPrintable(text));
            QVERIFY2(text.endsWith(u'\n') && !text.contains(QStringLiteral("\n\n\n\n")), qPrintable(text));
            QVERIFY2(text.contains(QStringLiteral("IMMEDIATE"), Qt::CaseInsensitive), qPrintable(text));
            const bool setsWal =
                text.contains(QRegularExpression(QStringLiteral("journal_?mode(%3D|\\W{1,9})(WAL|WRITE_AHEAD)"),
                                                 QRegularExpression::CaseInsensitiveOption));
            QVERIFY2(setsWal == wish.wal, qPrintable(text));
            for (const Recommendation &setting : recommended(wish.profile, wish.wal))
                QVERIFY2(text.contains(QLatin1String(setting.reason)), setting.name);
        }
    }

    void everyTextBelongsToAFramework()
    {
        std::set<QString> files;
        for (const Framework &framework : frameworks())
            files.insert(QLatin1String(framework.id) + QStringLiteral(".txt"));
        QVERIFY(snippet({.framework = frameworks().front()})); // the resource is known from here on
        std::set<QString> there;
        for (const QString &file : QDir(QStringLiteral(":/litekeeper/snippets")).entryList())
            there.insert(file);
        QCOMPARE(there, files);
    }

    void aPathIsNotTakenForTheText()
    {
        const auto code = snippet({.framework = *findFramework("python"), .path = "/{{proof}}/{{#settings}}.db"});
        QVERIFY(code);
        QVERIFY2(code->find("'/{{proof}}/{{#settings}}.db'") != std::string::npos, code->c_str());
    }

    void withoutAFileThereIsAPlaceForOne()
    {
        const auto code = snippet({.framework = *findFramework("python")});
        QVERIFY(code && code->find("'/path/to/database.sqlite3'") != std::string::npos);
    }

    void everyProfileSetsWhatEveryTextNeeds()
    {
        for (int profile = 0; profile < 2 * Profiles; ++profile) {
            std::set<std::string> names;
            const std::vector<Recommendation> settings = recommended(static_cast<Profile>(profile / 2), profile % 2);
            for (const Recommendation &setting : settings)
                names.insert(setting.name);
            for (const char *name : {"busy_timeout", "journal_mode", "synchronous", "foreign_keys", "transaction"})
                QVERIFY2(names.contains(name), name);
            QCOMPARE(QByteArray(settings.front().name), QByteArray("busy_timeout")); // the others can meet a lock
        }
    }

    void withoutWalNothingIsRecommendedThatNeedsIt()
    {
        for (int profile = 0; profile < Profiles; ++profile) {
            for (const Recommendation &setting : recommended(static_cast<Profile>(profile), false)) {
                const QByteArray line = QByteArray(setting.name) + '=' + setting.value;
                QVERIFY2(line != "journal_mode=WAL" && line != "synchronous=NORMAL", line);
                QVERIFY2(!line.startsWith("mmap_size") && !line.startsWith("wal_"), line);
            }
        }
    }

    void theCodeFitsTheProject_data()
    {
        QTest::addColumn<QString>("framework");
        QTest::addColumn<QString>("version");
        QTest::addColumn<QString>("settings");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, const char *framework, const char *version, const char *settings,
                            const char *expected) {
            QTest::newRow(name) << QString::fromLatin1(framework) << QString::fromLatin1(version)
                                << QString::fromLatin1(settings) << QString::fromLatin1(expected);
        };
        row("Django 5.1", "django", "5.1", "/srv/shop/settings.py", "django");
        row("Django 5.0", "django", "5.0.9", "/srv/shop/settings.py", "django-legacy");
        row("Django 4.2", "django", "4.2.11", "/srv/.env", "django-legacy");
        row("Django 10", "django", "10.0", "", "django");
        row("Django of no known version", "django", "", "", "django");
        row("Django with its database in the environment", "django", "5.2", "/srv/.env", "dj-database-url");
        row("Rails", "rails", "7.2.1", "/srv/config/database.yml", "rails");
        row("Phoenix has none", "phoenix", "", "", "");
    }
    void theCodeFitsTheProject()
    {
        QFETCH(QString, framework);
        QFETCH(QString, version);
        QFETCH(QString, settings);
        QFETCH(QString, expected);
        const Framework *found = frameworkFor({.framework = framework.toStdString(),
                                               .name = {},
                                               .version = version.toStdString(),
                                               .root = {},
                                               .settings = settings.toStdString()});
        QCOMPARE(QString::fromLatin1(found ? found->id : ""), expected);
    }

    void everyFrameworkOfAnApplicationHasCode()
    {
        for (const inspect::Application &application : inspect::applications()) {
            if (!application.framework.empty() && application.framework != "phoenix")
                QVERIFY2(findFramework(application.framework), application.framework.c_str());
        }
    }

    void onANetworkFileSystemThereIsNoWal()
    {
        inspect::DatabaseFacts facts;
        facts.path = "/mnt/nfs/a.db";
        facts.filesystem = "nfs4";
        QVERIFY(!wishFor(frameworks().front(), Profile::Web, facts).wal);
        facts.filesystem = "ext4";
        QVERIFY(wishFor(frameworks().front(), Profile::Web, facts).wal);
    }
};

QTEST_GUILESS_MAIN(SnippetsTest)
#include "tst_snippets.moc"
