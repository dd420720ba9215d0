// SPDX-License-Identifier: GPL-3.0-or-later
// The doctor against tests/doctor: small projects, each with an expected.json. What it may say:
// database, journal ("wal"), sql (more of it), live (a program has not closed it), program, names_this_file (true),
// profile ("web"), findings, not_understood (file:line), rows (setting: "value place"), patch (lines that it has),
// after (findings once it is applied; none). @ROOT@ stands for the project's folder.
#include "advice/doctor.h"
#include "advice/patch.h"
#include "inspect/gather.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"
#include "words/doctor.h"
#include "words/findings.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace lk;
using advice::Diagnosis;
using advice::Source;
using test::TempTree;

namespace {

const Path Corpus = Path(LITEKEEPER_SOURCE) / "tests/doctor";

QString text(const std::string &bytes)
{
    return QString::fromStdString(bytes);
}

QJsonObject expectedOf(const Path &project)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(test::readFile(project / "expected.json"))).object();
}

QStringList listOf(const QJsonObject &expected, const char *key)
{
    QStringList list;
    for (const QJsonValue &value : expected[QLatin1String(key)].toArray())
        list += value.toString();
    return list;
}

std::string withRoot(QString text, const Path &root)
{
    return text.replace(QLatin1String("@ROOT@"), ::text(root.native())).toStdString();
}

/// A project of the corpus with its database.
class Project
{
public:
    explicit Project(const Path &source)
        : m_expected(expectedOf(source))
    {
        for (const auto &entry : std::filesystem::recursive_directory_iterator(source)) {
            const std::string name = entry.path().lexically_relative(source).native();
            if (entry.is_regular_file() && name != "expected.json")
                m_tree.file(name, withRoot(text(test::readFile(entry.path())), m_tree.path()));
        }
        m_database = m_tree.path() / said("database").toStdString();
        std::filesystem::create_directories(m_database.parent_path());
        const test::DatabaseSpec spec{.journalMode = said("journal") == QLatin1String("wal") ? "wal" : "delete",
                                      .rows = 3,
                                      .moreSql = said("sql").toStdString()};
        if (m_expected[QLatin1String("live")].toBool())
            test::makeCrashedWal(m_database, spec);
        else
            test::makeDatabase(m_database, spec);
    }

    QString said(const char *key) const { return m_expected[QLatin1String(key)].toString(); }
    const QJsonObject &expected() const { return m_expected; }
    const Path &root() const { return m_tree.path(); }

    std::vector<Diagnosis> diagnose() const
    {
        const auto facts = inspect::look(m_database, {}, {.structure = true});
        const auto profile = advice::findProfile(said("profile").toStdString());
        return advice::diagnose(*facts, inspect::configurationsOf(m_database), profile.value_or(advice::Profile::Web));
    }

private:
    TempTree m_tree;
    QJsonObject m_expected;
    Path m_database;
};

QStringList findingsOf(const Diagnosis &diagnosis)
{
    QStringList ids;
    for (const advice::DoctorFinding &found : diagnosis.findings)
        ids += QLatin1String(found.finding.rule->id);
    ids.sort();
    return ids;
}

/// "5000 shop/settings.py:12", "FULL default", "0 default in spite of main.go:4"
QString shown(const advice::DoctorRow &row)
{
    const QString place = row.line > 0 ? text(row.file) + u':' + QString::number(row.line) : QString();
    const QString value = row.inForce.empty() ? QStringLiteral("?") : text(row.inForce);
    const bool said = row.source == Source::Set || row.source == Source::NotUnderstood;
    QString from = row.source == Source::Stored ? QStringLiteral("stored") : QStringLiteral("default");
    if (!place.isEmpty())
        from += QLatin1String(" in spite of ") + place;
    return value + u' ' + (said ? place : from);
}

const advice::DoctorRow *rowOf(const Diagnosis &diagnosis, const QString &setting)
{
    const auto row = std::ranges::find(diagnosis.rows, setting.toStdString(), &advice::DoctorRow::setting);
    return row == diagnosis.rows.end() ? nullptr : &*row;
}

/// The one that there is; an empty one if there is none, or more.
Diagnosis only(std::vector<Diagnosis> all)
{
    static const inspect::Driver nobody{.id = "", .name = "nobody"};
    Diagnosis none;
    none.driver = &nobody;
    return all.size() == 1 ? std::move(all.front()) : std::move(none);
}

QString program(const Diagnosis &diagnosis)
{
    return words::programOf(diagnosis);
}

/// What `patch` says, empty if it took it.
QString applied(const QString &patch, const Path &folder)
{
    QProcess process;
    process.setWorkingDirectory(text(folder.native()));
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start(QStringLiteral("patch"), {QStringLiteral("-p1"), QStringLiteral("--fuzz=0")});
    process.write(patch.toUtf8());
    process.closeWriteChannel();
    process.waitForFinished();
    return process.exitCode() == 0 ? QString() : QString::fromUtf8(process.readAll());
}

/// A Django project whose settings are \a settings.
void djangoWith(const TempTree &tree, const std::string &settings)
{
    tree.file("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
    tree.file("shop/settings.py", settings);
}

}

class TestDoctor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void projects_data()
    {
        QTest::addColumn<QString>("folder");
        std::set<std::string> names;
        for (const auto &entry : std::filesystem::directory_iterator(Corpus))
            names.insert(entry.path().filename());
        QVERIFY(names.size() >= 40);
        for (const std::string &name : names)
            QTest::newRow(name.c_str()) << text(name);
    }
    void projects()
    {
        QFETCH(QString, folder);
        const Project project(Corpus / folder.toStdString());
        const Diagnosis diagnosis = only(project.diagnose());
        QCOMPARE(program(diagnosis), project.said("program"));
        QCOMPARE(diagnosis.namesThisFile, project.expected()[QLatin1String("names_this_file")].toBool(true));
        QCOMPARE(findingsOf(diagnosis), listOf(project.expected(), "findings"));

        QStringList notUnderstood;
        for (const advice::DoctorRow &row : diagnosis.rows) {
            if (row.setting.empty())
                notUnderstood += text(row.file) + u':' + QString::number(row.line);
        }
        QCOMPARE(notUnderstood, listOf(project.expected(), "not_understood"));

        const QJsonObject rows = project.expected()[QLatin1String("rows")].toObject();
        for (auto expected = rows.begin(); expected != rows.end(); ++expected) {
            const advice::DoctorRow *row = rowOf(diagnosis, expected.key());
            QVERIFY2(row, qPrintable(expected.key()));
            QCOMPARE(expected.key() + u' ' + shown(*row), expected.key() + u' ' + expected.value().toString());
        }
        for (const QString &line : listOf(project.expected(), "patch")) {
            const QString whole = text(withRoot(line, project.root()));
            QVERIFY2(diagnosis.patch.contains(whole), qPrintable(whole + u'\n' + diagnosis.patch));
        }
    }

    void patchesApplyAndHelp_data() { projects_data(); }
    void patchesApplyAndHelp()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("patch")).isEmpty())
            QSKIP("there is no program patch");
        QFETCH(QString, folder);
        const Project project(Corpus / folder.toStdString());
        const Diagnosis before = only(project.diagnose());
        if (before.patch.isEmpty()) {
            QCOMPARE(findingsOf(before), listOf(project.expected(), "after"));
            return;
        }
        QCOMPARE(applied(before.patch, project.root()), QString());
        const Diagnosis after = only(project.diagnose());
        QVERIFY2(findingsOf(after) == listOf(project.expected(), "after"),
                 qPrintable(findingsOf(after).join(u' ') + u'\n' + before.patch));
        QVERIFY2(after.patch.isEmpty(), qPrintable(before.patch + QLatin1String("\nand then\n") + after.patch));
        for (const advice::DoctorRow &row : after.rows) {
            const advice::DoctorRow *was = rowOf(before, text(row.setting));
            QVERIFY2(row.setting.empty() || row.source != Source::NotUnderstood ||
                         (was && was->source == Source::NotUnderstood),
                     qPrintable(text(row.setting) + u'\n' + before.patch));
        }
    }

    void patchedPythonIsPython_data() { projects_data(); }
    void patchedPythonIsPython()
    {
        QFETCH(QString, folder);
        const Project project(Corpus / folder.toStdString());
        const Diagnosis before = only(project.diagnose());
        const bool isPython = before.patch.contains(QLatin1String(".py\n"));
        if (!isPython)
            return;
        if (QStandardPaths::findExecutable(QStringLiteral("python3")).isEmpty())
            QSKIP("there is no program python3");
        QCOMPARE(applied(before.patch, project.root()), QString());
        QProcess python;
        python.setWorkingDirectory(text(project.root().native()));
        python.start(QStringLiteral("python3"),
                     {QStringLiteral("-c"), QStringLiteral("import pathlib\n"
                                                           "for f in pathlib.Path('.').rglob('*.py'):\n"
                                                           "    compile(f.read_text(), str(f), 'exec')\n")});
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, (python.readAllStandardError() + before.patch.toUtf8()).constData());
    }

    void everyRuleIsInTheCorpus()
    {
        QStringList seen;
        for (const auto &entry : std::filesystem::directory_iterator(Corpus))
            seen += listOf(expectedOf(entry.path()), "findings");
        for (const advice::Rule *rule : advice::doctorRules())
            QVERIFY2(seen.contains(QLatin1String(rule->id)), rule->id);
    }

    void everyDriverIsInTheCorpusWithoutFindings()
    {
        QStringList clean;
        for (const auto &entry : std::filesystem::directory_iterator(Corpus)) {
            if (listOf(expectedOf(entry.path()), "findings").isEmpty())
                clean += expectedOf(entry.path())[QLatin1String("program")].toString().section(u' ', 0, 0);
        }
        for (const inspect::Driver &driver : inspect::drivers())
            QVERIFY2(clean.contains(QLatin1String(driver.name)) || std::string_view(driver.id) == "cli", driver.name);
    }

    void everyRuleHasItsSentences()
    {
        QSet<QString> sentences;
        for (const advice::Rule *rule : advice::doctorRules()) {
            const advice::Finding finding{.rule = rule,
                                          .values = {std::string("a"), std::string("b"), std::int64_t{3}}};
            const words::FindingText text = words::describe(finding);
            for (const QString &sentence :
                 {text.title, text.seen, text.why, text.gain, text.risk, text.fix, text.undo}) {
                QVERIFY2(!sentence.isEmpty() && !sentence.contains(u'?'), qPrintable(sentence));
            }
            QVERIFY(text.link.startsWith(QLatin1String("https://")));
            QVERIFY2(!advice::find(rule->id), "an id of the advisor's");
            sentences.insert(text.seen);
        }
        QCOMPARE(sentences.size(), qsizetype(advice::doctorRules().size()));
    }

    void valuesAreReadAsSqliteWould_data()
    {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");

        const auto row = [](const char *name, const char *setting, const char *text, const char *expected) {
            QTest::newRow(name) << QString::fromUtf8(setting) << QString::fromUtf8(text) << QString::fromUtf8(expected);
        };
        row("a word in any case", "journal_mode", "wal", "WAL");
        row("a word in quotes", "journal_mode", "'Wal'", "WAL");
        row("a misspelt word", "journal_mode", "wall", "");
        row("a number for a word", "synchronous", "1", "NORMAL");
        row("a truth", "foreign_keys", "True", "ON");
        row("a switch", "foreign_keys", "on", "ON");
        row("a negative number", "cache_size", "-20000", "-20000");
        row("a number with underscores", "busy_timeout", "5_000", "5000");
        row("a product", "mmap_size", "128 * 1024 * 1024", "134217728");
        row("a product beyond all numbers", "mmap_size", "9223372036854775807 * 2", "");
        row("a number beyond all numbers", "mmap_size", "99999999999999999999", "");
        row("a call", "busy_timeout", "int(x)", "");
        row("nothing", "busy_timeout", "", "");
        row("a quote alone", "busy_timeout", "'", "");
    }
    void valuesAreReadAsSqliteWould()
    {
        QFETCH(QString, setting);
        QFETCH(QString, text);
        QTEST(::text(inspect::settingValue(setting.toStdString(), text).value_or("")), "expected");
    }

    void versionsAreComparedByTheirNumbers()
    {
        QVERIFY(inspect::isOlder("5.0.14", "5.1"));
        QVERIFY(inspect::isOlder("4.2", "5.1"));
        QVERIFY(!inspect::isOlder("5.1", "5.1"));
        QVERIFY(!inspect::isOlder("5.10", "5.9"));
        QVERIFY(inspect::isOlder("", "5.1"));
    }

    void aPatchIsADifference_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        QTest::newRow("in the middle") << QStringLiteral("a\nb\nc\nd\nX\ne\nf\ng\nh\n")
                                       << QStringLiteral(
                                              "--- a/n\n+++ b/n\n@@ -2,7 +2,7 @@\n b\n c\n d\n-X\n+Y\n e\n f\n g\n");
        QTest::newRow("without an end of line")
            << QStringLiteral("a\nX")
            << QStringLiteral("--- a/n\n+++ b/n\n@@ -1,2 +1,2 @@\n a\n-X\n\\ No newline at end of file\n"
                              "+Y\n\\ No newline at end of file\n");
        QTest::newRow("two, far apart")
            << QStringLiteral("X\n1\n2\n3\n4\n5\n6\n7\nX\n")
            << QStringLiteral(
                   "--- a/n\n+++ b/n\n@@ -1,4 +1,4 @@\n-X\n+Y\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-X\n+Y\n");
        QTest::newRow("two, near each other")
            << QStringLiteral("X\n1\nX\n") << QStringLiteral("--- a/n\n+++ b/n\n@@ -1,3 +1,3 @@\n-X\n+Y\n 1\n-X\n+Y\n");
        QTest::newRow("none") << QStringLiteral("a\n") << QString();
    }
    void aPatchIsADifference()
    {
        QFETCH(QString, text);
        std::vector<advice::Edit> edits;
        for (qsizetype at = 0; (at = text.indexOf(u'X', at)) >= 0; ++at)
            edits.push_back({{at, 1}, QStringLiteral("Y")});
        QTEST(advice::unifiedDiff("n", text, edits), "expected");
    }

    void noWordOfAFileSpeaksToATerminal()
    {
        const TempTree tree;
        djangoWith(tree, "# \x1b]0;hello\x07\nDATABASES = {\n    'default': {\n        'ENGINE': "
                         "'django.db.backends.sqlite3',\n        'NAME': 'db.sqlite3',\n    }\n}\n");
        const Path database = tree.file("db.sqlite3");
        test::makeDatabase(database);
        const auto all =
            advice::diagnose(*inspect::look(database), inspect::configurationsOf(database), advice::Profile::Web);
        QCOMPARE(all.size(), 1u);
        QCOMPARE(all.front().patch, QString());
        QVERIFY(!all.front().rows.empty());
    }

    void aPathThatAnAddressWouldTurnIsLeftAlone()
    {
        const TempTree tree;
        tree.file("a b/manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
        tree.file("a b/shop/settings.py", "DATABASES = {'default': env.db()}\n");
        const Path database = tree.path() / "a b/app.db";
        test::makeDatabase(database);
        tree.file("a b/.env", "DATABASE_URL=sqlite://" + tree.path().native() + "/a%20b/app.db\n");
        const Diagnosis diagnosis =
            only(advice::diagnose(*inspect::look(database), inspect::configurationsOf(database), advice::Profile::Web));
        QCOMPARE(findingsOf(diagnosis), QStringList(QStringLiteral("config-address-relative")));
        QVERIFY2(!diagnosis.patch.contains(QLatin1String("/a b/app.db\n")), qPrintable(diagnosis.patch));
        QVERIFY2(diagnosis.patch.contains(QLatin1String("/a%20b/app.db?")), qPrintable(diagnosis.patch));
    }

    void hostileFilesAreOnlyText_data()
    {
        QTest::addColumn<std::string>("content");

        const auto often = [](std::string_view text, int times) {
            std::string all;
            for (int i = 0; i < times; ++i)
                all += text;
            return all;
        };
        QTest::newRow("a huge file") << std::string(8 << 20, 'x');
        QTest::newRow("brackets without an end") << "DATABASES = " + std::string(1 << 20, '{');
        QTest::newRow("brackets in brackets")
            << "DATABASES = {'default': {'ENGINE': 'sqlite3', 'OPTIONS': " + std::string(50'000, '[') +
                   std::string(50'000, ']') + "}}";
        QTest::newRow("databases in databases")
            << "DATABASES = " + often("{'default': {'ENGINE': 'sqlite3', 'OPTIONS': ", 5'000);
        QTest::newRow("the same entry for ever")
            << "DATABASES = {" + often("'default': {'ENGINE': 'sqlite3'},", 8'000) + "}";
        QTest::newRow("quotes without an end") << "DATABASES = {'default': " + std::string(1 << 18, '\'');
        QTest::newRow("PRAGMAs for ever") << often("PRAGMA busy_timeout = 1;", 10'000);
        QTest::newRow("PRAGMA and blanks") << "PRAGMA busy_timeout" + std::string(250'000, ' ');
        QTest::newRow("one address for ever") << "jdbc:sqlite:x?" + often("cache_size=1&", 20'000);
        QTest::newRow("YAML in YAML") << often("- ", 100'000);
        QTest::newRow("YAML, flowing") << std::string(100'000, '[');
        QTest::newRow("YAML that laughs")
            << std::string("a: &a {adapter: sqlite3, x: y}\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
                           "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                           "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: {<<: *e}\n");
        QTest::newRow("YAML that holds itself") << std::string("a: &a\n  <<: *a\n  adapter: sqlite3\n  b: *a\n");
        QTest::newRow("JSON in JSON") << std::string(200'000, '[');
        QTest::newRow("a command without an end") << "datasette -i " + often("x ", 100'000) + "gunicorn -w 3";
        QTest::newRow("here documents for ever") << often("sqlite3 x <<E\n", 15'000);
        QTest::newRow("ERB without an end") << often("<%= sqlite3 ", 20'000);
        QTest::newRow("zeros") << std::string(1 << 16, '\0');
        QTest::newRow("bytes that are no text") << std::string("\xff\xfe\x00\x01\xc3\x28 sqlite3 '\xff'", 18);
    }
    void hostileFilesAreOnlyText()
    {
        QFETCH(std::string, content);
        const TempTree tree;
        tree.file("manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
        tree.file("artisan");
        tree.file("config/application.rb");
        tree.file("go.mod", "require modernc.org/sqlite v1.0.0\nrequire github.com/mattn/go-sqlite3 v1.0.0\n");
        tree.file("package.json", "\"better-sqlite3\": \"12.0.0\"");
        tree.file("Cargo.toml", "rusqlite = \"0.3\"\nsqlx = \"0.8\"\n");
        tree.file("pom.xml", "sqlite-jdbc");
        tree.file("Shop.csproj", "Microsoft.Data.Sqlite\" Version=\"9.0\"");
        for (const char *name :
             {"shop/settings.py", "shop/apps.py", ".env", "config/database.yml", "config/database.php", "app.py",
              "main.go", "src/main.rs", "db.js", "prisma/schema.prisma", "application.yml", "application.properties",
              "appsettings.json", "Data.cs", "Procfile", "Dockerfile", "setup.sh", "x.service", "gunicorn.conf.py"})
            tree.file(name, content);
        const Path database = tree.file("db.sqlite3");
        test::makeDatabase(database);
        QElapsedTimer timer;
        timer.start();
        const auto all =
            advice::diagnose(*inspect::look(database), inspect::configurationsOf(database), advice::Profile::Web);
        QVERIFY(!all.empty());
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void linksPipesAndFoldersAreLeftAlone()
    {
        const TempTree tree;
        djangoWith(tree, "");
        std::filesystem::remove(tree.path() / "shop/settings.py");
        const Path outside = tree.file("secret/settings.py", "DATABASES = {'default': {'ENGINE': 'sqlite3', 'NAME': "
                                                             "'db.sqlite3', 'OPTIONS': {'timeout': 77}}}\n");
        tree.link("project/shop/settings.py", outside);
        tree.file("project/manage.py", "setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')\n");
        tree.fifo("project/.env");
        tree.fifo("project/Procfile");
        tree.fifo("project/setup.sh");
        tree.folder("project/Dockerfile");
        tree.link("project/app", tree.path() / "secret");
        const Path database = tree.file("project/db.sqlite3");
        test::makeDatabase(database);
        const auto configurations = inspect::configurationsOf(database);
        QCOMPARE(configurations.size(), 1u);
        QVERIFY(configurations.front().settings.empty());
    }

    void readingLeavesNoTrace()
    {
        const Project project(Corpus / "django-clean");
        const test::TreeSnapshot before(project.root());
        QVERIFY(!project.diagnose().empty());
        const test::TreeSnapshot after(project.root());
        QCOMPARE(before.difference(after), std::string());
        if (before.keepsAccessTimes())
            QCOMPARE(before.accessTimeDifference(after), std::string());
    }

    void whereThereIsNoProjectThereIsNoDiagnosis()
    {
        const TempTree tree;
        tree.file("README.md", "sqlite3 x.db 'PRAGMA busy_timeout=1'");
        const Path database = tree.file("x.db");
        QVERIFY(inspect::configurationsOf(database).empty());
        QVERIFY(inspect::configurationsOf("/nowhere/at/all/x.db").empty());
        QVERIFY(!words::noProgram().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestDoctor)
#include "tst_doctor.moc"
