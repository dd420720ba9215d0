// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/program.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace lk::test;
using lk::Path;

/// `settings`: code to copy. That the code is right is for tst_snippets and tst_runsnippets.
class CliSettingsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<TempTree> m_tree;

    /// The one record of `settings` with \a more options.
    static QJsonObject record(std::vector<std::string> more, int status = 0)
    {
        std::vector<std::string> words{"settings", "--format", "json"};
        words.insert(words.end(), more.begin(), more.end());
        const Ran ran = runCli(words);
        if (ran.status != status)
            return {{QStringLiteral("unexpected"), QString::fromUtf8(ran.err)}};
        return ran.records().at(0).toObject();
    }
    static QString text(const QJsonObject &record, const char *field)
    {
        return record.value(QLatin1String(field)).toString();
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<TempTree>();
    }

    void theListHasEveryFrameworkOfTheContract()
    {
        QStringList ids;
        int proved = 0;
        for (const QJsonValue &framework : runCli({"settings", "--list", "--format", "json"}).records()) {
            ids += text(framework.toObject(), "framework");
            proved += framework.toObject().value(QLatin1String("proved")).toBool();
            QVERIFY(!text(framework.toObject(), "title").isEmpty());
        }
        for (const char *id : {"django", "django-legacy", "dj-database-url", "sqlalchemy", "rails", "laravel", "pdo",
                               "better-sqlite3", "prisma", "go-mattn", "go-modernc", "rusqlite", "sqlx", "sqlite-jdbc",
                               "dotnet", "qt", "python", "room", "cli"})
            QVERIFY2(ids.contains(QLatin1String(id)), id);
        QVERIFY(proved >= 6 && proved < ids.size());
        const Ran table = runCli({"settings", "--list"});
        QVERIFY(table.out.contains("sqlalchemy") && table.out.contains("from documentation"));
    }

    void aPersonGetsTheCodeAndNothingElse()
    {
        const Path file = m_tree->path() / "it's \"mine\".db";
        makeDatabase(file);
        const Ran table = runCli({"settings", "--for", "python", file});
        QCOMPARE(table.status, 0);
        QCOMPARE(table.err, QByteArray());
        const QJsonObject one = record({"--for", "python", file});
        QCOMPARE(table.out, text(one, "code").toUtf8());
        QVERIFY(table.out.contains(R"(it\'s "mine".db')"));
        QCOMPARE(text(one, "path").toStdString(), file.native());
        QCOMPARE(text(one, "framework"), QStringLiteral("python"));
        QCOMPARE(text(one, "profile"), QStringLiteral("web"));
        QCOMPARE(one.value(QLatin1String("proved")).toBool(), true);
        QVERIFY(one.value(QLatin1String("error")).isNull());
    }

    void eachValueComesWithItsReason()
    {
        const QJsonArray values =
            record({"--for", "cli", "--profile", "analytics"}).value(QLatin1String("values")).toArray();
        QVERIFY(values.size() >= 8);
        for (const QJsonValue &value : values) {
            for (const char *field : {"name", "value", "reason"})
                QVERIFY2(!text(value.toObject(), field).isEmpty(), field);
        }
        QVERIFY(std::ranges::any_of(values, [](const QJsonValue &value) {
            return text(value.toObject(), "name") == QStringLiteral("cache_size") &&
                   text(value.toObject(), "value") == QStringLiteral("-262144");
        }));
    }

    void withoutAFileItIsForAny()
    {
        const QJsonObject one = record({"--for", "pdo"});
        QVERIFY(one.value(QLatin1String("path")).isNull());
        QVERIFY(text(one, "code").contains(QStringLiteral("/path/to/")));
    }

    void aRecognisedProjectNeedsNoFor()
    {
        m_tree->file("shop/manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
        m_tree->file("shop/shop/settings.py",
                     "# using Django 4.2.\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', "
                     "'NAME': BASE_DIR / 'db.sqlite3'}}\n");
        const Path file = m_tree->path() / "shop/db.sqlite3";
        makeDatabase(file);
        QCOMPARE(text(record({file}), "framework"), QStringLiteral("django-legacy"));
        QCOMPARE(text(record({"--for", "qt", file}), "framework"), QStringLiteral("qt"));
    }

    void aPathThatCannotBeSaidIsRefusedWithTheReason()
    {
        const Path file = m_tree->path() / "caf\xE9.db";
        makeDatabase(file);
        const Ran table = runCli({"settings", "--for", "rails", file});
        QCOMPARE(table.status, 1);
        QCOMPARE(table.out, QByteArray());
        QVERIFY2(table.err.contains("not UTF-8") && table.err.contains("Rename"), table.err);
        const QJsonObject refused = record({"--for", "rails", file}, 1);
        QCOMPARE(pathOf(refused), file.native());
        QVERIFY(refused.value(QLatin1String("code")).isNull());
        const QJsonObject error = refused.value(QLatin1String("error")).toObject();
        QCOMPARE(text(error, "code"), QStringLiteral("unsupported"));
        QVERIFY(text(error, "message").contains(QStringLiteral("Rails")));
        QVERIFY(text(record({"--for", "pdo", file}), "code").contains(QStringLiteral(R"(caf\xe9.db)")));
    }

    void aFileThatIsNoDatabaseIsNotTakenForOne()
    {
        const QJsonObject failed = record({"--for", "python", m_tree->file("notes.txt", "no database at all")}, 1);
        QCOMPARE(text(failed.value(QLatin1String("error")).toObject(), "code"), QStringLiteral("not-a-database"));
        const QJsonObject missing = record({"--for", "python", m_tree->path() / "none.db"}, 1);
        QCOMPARE(text(missing.value(QLatin1String("error")).toObject(), "code"), QStringLiteral("not-found"));
    }

    void wrongUsageSaysWhatWasMeant_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QByteArray>("said");

        QTest::newRow("no framework") << QStringList() << QByteArray("--for FRAMEWORK is missing");
        QTest::newRow("an unknown framework")
            << QStringList{QStringLiteral("--for"), QStringLiteral("djago")} << QByteArray("django");
        QTest::newRow("an unknown profile") << QStringList{QStringLiteral("--for"), QStringLiteral("qt"),
                                                           QStringLiteral("--profile"), QStringLiteral("dekstop")}
                                            << QByteArray("desktop");
        QTest::newRow("two files") << QStringList{QStringLiteral("--for"), QStringLiteral("qt"), QStringLiteral("a"),
                                                  QStringLiteral("b")}
                                   << QByteArray("one file at most");
    }
    void wrongUsageSaysWhatWasMeant()
    {
        QFETCH(QStringList, words);
        QFETCH(QByteArray, said);
        std::vector<std::string> arguments{"settings"};
        for (const QString &word : words)
            arguments.push_back(word.toStdString());
        const Ran ran = runCli(arguments);
        QCOMPARE(ran.status, 2);
        QVERIFY2(ran.err.contains(said), ran.err);
        QCOMPARE(ran.out, QByteArray());
    }
};

QTEST_GUILESS_MAIN(CliSettingsTest)
#include "tst_cli_settings.moc"
