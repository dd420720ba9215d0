// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the code to copy, with the programs there are (packaging/packages.sh; the target better-sqlite3 gets that): each
// setting is read back where it was set, and while a transaction is open that has only read, nobody else may begin to
// write. On names that no one would choose.
#include "advice/snippets.h"
#include "support/dbbuilder.h"
#include "support/temptree.h"

#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <filesystem>
#include <map>

using namespace lk;
using namespace lk::advice;

Q_DECLARE_METATYPE(lk::advice::Profile)
Q_DECLARE_METATYPE(lk::advice::Target)

/// The programs do what is asked in a second or two; only a broken one takes this long.
constexpr int PatienceMs = 120'000;

/// How the code of a framework is run. It is told the settings' names for NAMES, prints NAME=VALUE for each, then
/// "begun" in the middle of a transaction, and ends when it is sent a line.
struct Run
{
    const char *framework;
    const char *file;    ///< that the code goes into; where it says "# ---- NAME", into that
    const char *after;   ///< text of that file behind the code
    const char *build;   ///< a shell command in the folder of the files, or empty
    const char *command; ///< the same, that runs it
    const char *needs;   ///< a shell command that fails where it can't be run
    bool bytes = true;   ///< names that are not UTF-8, too
    bool slow = false;   ///< one name must do
};

#define NODE "NODE_PATH=" LITEKEEPER_NODE_MODULES " node "

static const Run Runs[] = {
    {"python", "probe.py", R"(
import sys
connection = connect()
for name in "NAMES".split():
    print(name + "=" + str(connection.execute("PRAGMA " + name).fetchone()[0]))
with transaction(connection):
    connection.execute("SELECT count(*) FROM t").fetchone()
    print("begun", flush=True)
    sys.stdin.readline()
)",
     "", "python3 probe.py", "python3 -c 'import sqlite3'"},
    {"django-legacy", "probe.py", R"(
import sys
import django
import settings
from django.conf import settings as project
project.configure(DATABASES=settings.DATABASES)
django.setup()
from django.db import connection, transaction
with connection.cursor() as cursor:
    for name in "NAMES".split():
        cursor.execute("PRAGMA " + name)
        print(name + "=" + str(cursor.fetchone()[0]))
    with transaction.atomic():
        cursor.execute("SELECT count(*) FROM t")
        print("begun", flush=True)
        sys.stdin.readline()
)",
     "", "PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 probe.py", "/usr/bin/python3 -c 'import django'"},
    // Debian has no Django that knows these options, so what it does with them (db/backends/sqlite3/base.py) is done
    // here.
    {"django", "probe.py", R"(
import sqlite3
import sys
options = DATABASES["default"]["OPTIONS"]
connection = sqlite3.connect(DATABASES["default"]["NAME"], timeout=options["timeout"], isolation_level=None, uri=True)
for statement in options["init_command"].split(";"):
    connection.execute(statement.strip())
for name in "NAMES".split():
    print(name + "=" + str(connection.execute("PRAGMA " + name).fetchone()[0]))
connection.execute("BEGIN " + options["transaction_mode"])
connection.execute("SELECT count(*) FROM t").fetchone()
print("begun", flush=True)
sys.stdin.readline()
)",
     "", "python3 probe.py", "python3 -c 'import sqlite3'"},
    // The same for what dj-database-url reads out of the environment.
    {"dj-database-url", "probe.env", R"(
python3 -c '
import os
import sqlite3
import sys
from urllib.parse import parse_qs, unquote, urlsplit
url = urlsplit(os.environ["DATABASE_URL"])
options = {key: values[-1] for key, values in parse_qs(url.query).items()}
connection = sqlite3.connect(unquote(url.path[1:]), timeout=int(options["timeout"]), isolation_level=None, uri=True)
for statement in options["init_command"].split(";"):
    connection.execute(statement.strip())
for name in "NAMES".split():
    print(name + "=" + str(connection.execute("PRAGMA " + name).fetchone()[0]))
connection.execute("BEGIN " + options["transaction_mode"])
connection.execute("SELECT count(*) FROM t").fetchone()
print("begun", flush=True)
sys.stdin.readline()
'
)",
     "", "set -a; . ./probe.env", "python3 -c 'import sqlite3'", false},
    {"sqlalchemy", "probe.py", R"(
import sys
with engine.connect() as connection:
    for name in "NAMES".split():
        print(name + "=" + str(connection.exec_driver_sql("PRAGMA " + name).scalar()))
with engine.begin() as connection:
    connection.exec_driver_sql("SELECT count(*) FROM t").scalar()
    print("begun", flush=True)
    sys.stdin.readline()
)",
     "", "/usr/bin/python3 probe.py", "/usr/bin/python3 -c 'import sqlalchemy'"},
    {"pdo", "probe.php", R"(
$database = openDatabase();
foreach (explode(' ', 'NAMES') as $name)
    echo "$name=", $database->query("PRAGMA $name")->fetchColumn(), "\n";
transaction($database, function ($database) {
    $database->query('SELECT count(*) FROM t')->fetchAll();
    echo "begun\n";
    fgets(STDIN);
});
)",
     "", "php probe.php", "php -r 'new PDO(\"sqlite::memory:\");'"},
    {"better-sqlite3", "probe.js", R"(
for (const name of 'NAMES'.split(' ')) {
  console.log(name + '=' + database.pragma(name, { simple: true }));
}
transaction(() => {
  database.prepare('SELECT count(*) FROM t').get();
  require('fs').writeSync(1, 'begun\n');
  require('fs').readSync(0, Buffer.alloc(1));
});
)",
     "", NODE "probe.js", NODE "-e 'require(\"better-sqlite3\")'", false},
    {"sqlite-jdbc", "Database.java", R"(
class Probe {
    public static void main(String[] words) throws Exception {
        try (Connection connection = Database.open(); Statement statement = connection.createStatement()) {
            for (String name : "NAMES".split(" "))
                System.out.println(name + "=" + statement.executeQuery("PRAGMA " + name).getString(1));
            connection.setAutoCommit(false);
            statement.executeQuery("SELECT count(*) FROM t").close();
            System.out.println("begun");
            System.in.read();
            connection.commit();
        }
    }
}
)",
     "javac Database.java", "java -cp .:/usr/share/java/sqlite-jdbc.jar Probe",
     "command -v javac && test -e /usr/share/java/sqlite-jdbc.jar", true, true},
    {"qt", "probe.cpp", R"(
#include <QCoreApplication>
#include <cstdio>
#include <cstdlib>
int main(int count, char **words)
{
    QCoreApplication application(count, words);
    QSqlDatabase database = openDatabase();
    for (const QString &name : QStringLiteral("NAMES").split(QLatin1Char(' '))) {
        QSqlQuery query(QStringLiteral("PRAGMA ") + name, database);
        query.next();
        std::printf("%s=%s\n", qPrintable(name), qPrintable(query.value(0).toString()));
    }
    if (!begin(database) || !QSqlQuery(database).exec(QStringLiteral("SELECT count(*) FROM t")))
        return 1;
    std::puts("begun");
    std::fflush(stdout);
    std::getchar();
    return database.commit() ? 0 : 1;
}
)",
     LITEKEEPER_QT_BUILD, "./probe", "true", false, true},
    {"cli", "probe.sh", R"sh(
for name in NAMES; do
    echo "$name=$(database "PRAGMA $name")"
done
{
    echo 'BEGIN IMMEDIATE; SELECT count(*) FROM t;'
    echo '.print begun'
    head -n 1 >/dev/null
} | database
)sh",
     "", "bash probe.sh", "command -v sqlite3 bash"},
};

/// What a PRAGMA answers for a value that it was given.
static QByteArray answerFor(const Recommendation &setting)
{
    static const std::map<std::string, QByteArray> Answers{
        {"synchronous=NORMAL", "1"}, {"synchronous=FULL", "2"},         {"foreign_keys=ON", "1"},
        {"temp_store=MEMORY", "2"},  {"journal_mode=DELETE", "delete"}, {"journal_mode=WAL", "wal"},
    };
    const auto found = Answers.find(std::string(setting.name) + '=' + setting.value);
    return found == Answers.end() ? QByteArray(setting.value) : found->second;
}

class RunSnippetsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::TempTree> m_tree;

    bool succeeds(const QByteArray &command) const
    {
        QProcess shell;
        shell.start(QStringLiteral("bash"), {QStringLiteral("-c"), QString::fromUtf8(command)});
        return shell.waitForFinished(PatienceMs) && shell.exitCode() == 0;
    }
    Path work() const { return m_tree->folder("work"); }

    /// Puts the code where the framework has it: a part of it that begins with "# ---- NAME" into NAME.
    void write(const Run &run, std::string code, const std::string &names) const
    {
        std::string after = run.after;
        after.replace(after.find("NAMES"), 5, names);
        constexpr std::string_view Mark = "# ---- ";
        for (std::size_t at = code.rfind(Mark); at != std::string::npos; at = code.rfind(Mark)) {
            const std::string part = code.substr(at);
            const std::size_t nameEnd = part.find(' ', Mark.size());
            m_tree->file("work/" + part.substr(Mark.size(), nameEnd - Mark.size()), part);
            code.erase(at);
        }
        m_tree->file(std::string("work/") + run.file, code + after);
    }

    QByteArray started(QProcess &program, const QByteArray &command) const
    {
        program.setWorkingDirectory(QString::fromStdString(work().native()));
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(QStringLiteral("bash"), {QStringLiteral("-c"), QString::fromUtf8(command)});
        QByteArray said;
        while (!said.endsWith("begun\n") && program.state() != QProcess::NotRunning) {
            if (!program.waitForReadyRead(PatienceMs))
                break;
            said += program.readAll();
        }
        return said;
    }

private Q_SLOTS:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_tree = std::make_unique<test::TempTree>();
    }

    void theCodeDoesWhatItSays_data()
    {
        QTest::addColumn<int>("index");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<Profile>("profile");
        QTest::addColumn<bool>("wal");

        const QByteArray plain("shop.db");
        const QByteArray special("it's \"100%\" %41 #1?mode=memory&b=c $HOME `id` \\x ;{}<%= 1 %>\xC3\xBC .db");
        const QByteArray hidden = special + "\n\t\xE2\x80\xAE";
        for (int index = 0; index < static_cast<int>(std::size(Runs)); ++index) {
            const Run &run = Runs[index];
            if (!run.slow)
                QTest::addRow("%s, a name no one would choose", run.framework)
                    << index << special << Profile::Web << true;
            QTest::addRow("%s, one that no one can read", run.framework)
                << index << (run.bytes ? hidden + "caf\xE9 \xFF'.db" : hidden + ".db") << Profile::Web << true;
        }
        for (const Profile profile : {Profile::Desktop, Profile::Embedded, Profile::Analytics})
            QTest::addRow("python, %s", profileId(profile)) << 0 << plain << profile << true;
        QTest::newRow("python, where there can be no WAL") << 0 << plain << Profile::Web << false;
    }
    void theCodeDoesWhatItSays()
    {
        QFETCH(int, index);
        QFETCH(QByteArray, name);
        QFETCH(Profile, profile);
        QFETCH(bool, wal);
        const Run &run = Runs[index];
        if (!succeeds(run.needs))
            QSKIP(qPrintable(QStringLiteral("NOT TESTED: this machine can't run the code for %1")
                                 .arg(QLatin1String(run.framework))));

        const Path database = m_tree->folder("data") / name.toStdString();
        test::makeDatabase(database, {.journalMode = wal ? "delete" : "wal"});
        const std::vector<Recommendation> settings = recommended(profile, wal);
        std::string names;
        for (const Recommendation &setting : settings) {
            if (setting.reach != Reach::Transaction)
                names += (names.empty() ? "" : " ") + std::string(setting.name);
        }
        const auto code =
            snippet({.framework = *findFramework(run.framework), .profile = profile, .path = database, .wal = wal});
        QVERIFY(code);
        write(run, *code, names);
        QProcess builder;
        const QByteArray built = *run.build ? started(builder, run.build) : QByteArray();
        QVERIFY2(builder.exitCode() == 0, built.constData());

        QProcess program;
        const QByteArray said = started(program, run.command);
        QVERIFY2(said.endsWith("begun\n"), said.constData());
        for (const Recommendation &setting : settings) {
            const QByteArray line = QByteArray(setting.name) + '=' + answerFor(setting);
            QVERIFY2(setting.reach == Reach::Transaction || said.split('\n').contains(line), line + "\n" + said);
        }
        // It has only read, and holds the write lock all the same.
        QVERIFY_EXCEPTION_THROWN(test::runSql(database, "BEGIN IMMEDIATE"), std::exception);
        test::runSql(database, "SELECT count(*) FROM t");
        program.write("\n");
        program.closeWriteChannel();
        QVERIFY(program.waitForFinished(PatienceMs));
        QVERIFY2(program.exitCode() == 0, program.readAll());
        test::runSql(database, "BEGIN IMMEDIATE"); // and now it does not

        const std::string header = test::readFile(database).substr(0, 20);
        QCOMPARE(static_cast<int>(header[18]), wal ? 2 : 1);
        for (const auto &entry : std::filesystem::directory_iterator(database.parent_path()))
            QVERIFY2(entry.path().native().starts_with(database.native()), entry.path().c_str());
    }

    void everyCharacterComesBack_data()
    {
        QTest::addColumn<Target>("target");
        QTest::addColumn<bool>("bytes");         // what is not UTF-8, too
        QTest::addColumn<QByteArray>("program"); // prints PATH in hexadecimal
        QTest::addColumn<QByteArray>("command");

        QTest::newRow("Python") << Target::Python << true << QByteArray("import os\nprint(os.fsencode(PATH).hex())")
                                << QByteArray("python3");
        QTest::newRow("PHP") << Target::Php << true << QByteArray("<?php echo bin2hex(PATH);") << QByteArray("php");
        QTest::newRow("JavaScript") << Target::JavaScript << false
                                    << QByteArray("console.log(Buffer.from(PATH).toString('hex'))")
                                    << QByteArray("node");
        QTest::newRow("shell") << Target::Shell << true << QByteArray("printf %s PATH | od -An -v -tx1 | tr -d ' \\n'")
                               << QByteArray("bash");
        QTest::newRow("URI") << Target::Uri << true
                             << QByteArray("from urllib.parse import unquote_to_bytes\n"
                                           "print(unquote_to_bytes('PATH').hex())")
                             << QByteArray("python3");
    }
    /// Each character alone, behind and before each that is special somewhere, and each byte that is no character.
    void everyCharacterComesBack()
    {
        QFETCH(Target, target);
        QFETCH(bool, bytes);
        QFETCH(QByteArray, program);
        QFETCH(QByteArray, command);
        if (!succeeds("command -v " + command))
            QSKIP("NOT TESTED: " + command + " is not here");
        QString text;
        for (char32_t character = 1; character < 0x3000; ++character)
            text += QString::fromUcs4(&character, 1);
        text += QStringLiteral("\uFEFF\U0001F600");
        const QString special = QStringLiteral("\\'\"$`?%{}<>!#&;~*|()[]=@ \n\r\tx0u");
        for (const QChar first : special) {
            for (const QChar second : special)
                text += QString(first) + second;
        }
        std::string path = text.toStdString();
        for (int byte = 0x80; bytes && byte < 0x100; ++byte)
            path += std::string(1, static_cast<char>(byte)) + '1';

        const QByteArray literal = QByteArray::fromStdString(written(path, target).value());
        m_tree->file("work/probe", program.replace("PATH", literal).toStdString());
        QProcess interpreter;
        const QByteArray said = started(interpreter, command + " probe");
        QCOMPARE(said.trimmed(), QByteArray::fromStdString(path).toHex());
    }

    void whatIsMarkedAsRunIsRun()
    {
        for (const Framework &framework : frameworks()) {
            const bool isRun =
                std::ranges::find(Runs, std::string_view(framework.id), &Run::framework) != std::end(Runs);
            QVERIFY2(framework.proof != Proof::Run || isRun, framework.id);
        }
    }
};

QTEST_GUILESS_MAIN(RunSnippetsTest)
#include "tst_runsnippets.moc"
