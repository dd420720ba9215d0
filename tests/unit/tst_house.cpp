// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the house as ARCHITECTURE.md draws it: an include points down the floors, one door leads to SQLite and one to
// the system, and there is one SQLite in the process.
#include "support/dbbuilder.h"

#include <QHash>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace lk;

/// The room's floor, counted from the ground; rooms on one floor don't know each other. -1: there is no such room.
static int floorOf(const QString &room)
{
    static const QHash<QString, int> floors{
        {QStringLiteral("base"), 0},       {QStringLiteral("platform"), 1}, {QStringLiteral("sqlite"), 2},
        {QStringLiteral("inspect"), 3},    {QStringLiteral("scan"), 3},     {QStringLiteral("litestream"), 4},
        {QStringLiteral("operations"), 5}, {QStringLiteral("advice"), 5},   {QStringLiteral("measure"), 5},
        {QStringLiteral("fleet"), 5},      {QStringLiteral("jobs"), 6},     {QStringLiteral("catalog"), 7},
        {QStringLiteral("words"), 8},      {QStringLiteral("models"), 9},   {QStringLiteral("window"), 10},
        {QStringLiteral("cli"), 10},
    };
    return floors.value(room, -1);
}

struct Source
{
    QString name; ///< "sqlite/header.cpp"; main files have no room
    QString text;
    QStringList includes;

    QString room() const { return name.contains(u'/') ? name.section(u'/', 0, 0) : QString(); }
};

static QList<Source> sourcesBelow(const Path &folder)
{
    static const QRegularExpression include(QStringLiteral("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"]"),
                                            QRegularExpression::MultilineOption);
    QList<Source> sources;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".h")
            continue;
        Source source;
        source.name = QString::fromStdString(entry.path().lexically_relative(folder));
        source.text = QString::fromStdString(test::readFile(entry.path()));
        for (auto match = include.globalMatch(source.text); match.hasNext();)
            source.includes.append(match.next().captured(1));
        sources.append(source);
    }
    return sources;
}

class TestHouse : public QObject
{
    Q_OBJECT

    QList<Source> m_sources;

private Q_SLOTS:
    void initTestCase()
    {
        m_sources = sourcesBelow(Path(LITEKEEPER_SOURCE) / "src");
        QVERIFY(m_sources.size() > 40);
    }

    void everyRoomHasItsFloor()
    {
        for (const Source &source : std::as_const(m_sources))
            QVERIFY2(source.room().isEmpty() || floorOf(source.room()) >= 0, qPrintable(source.name));
    }

    void includesPointDown()
    {
        QStringList wrong;
        for (const Source &source : std::as_const(m_sources)) {
            for (const QString &include : source.includes) {
                const QString room = include.section(u'/', 0, 0);
                if (!include.contains(u'/') || floorOf(room) < 0 || room == source.room() || source.room().isEmpty())
                    continue;
                if (floorOf(room) >= floorOf(source.room()))
                    wrong.append(source.name + QStringLiteral(" includes ") + include);
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void onlyOneRoomSpeaks_data()
    {
        QTest::addColumn<QString>("headers");
        QTest::addColumn<QString>("room");

        QTest::newRow("to SQLite") << QStringLiteral("^sqlite3(ext)?\\.h$") << QStringLiteral("sqlite");
        QTest::newRow("to the system")
            << QStringLiteral("^(unistd|fcntl|dirent|poll|pwd|grp|signal|termios)\\.h$|^(sys|linux|asm)/|^csignal$")
            << QStringLiteral("platform");
        QTest::newRow("to the terminal's arguments") << QStringLiteral("^CLI/") << QStringLiteral("cli");
        QTest::newRow("widgets") << QStringLiteral("^(QtWidgets/.*|Q.*(Widget|Dialog|Window|Button|Layout))$")
                                 << QStringLiteral("window");
    }
    void onlyOneRoomSpeaks()
    {
        QFETCH(QString, headers);
        QFETCH(QString, room);
        const QRegularExpression forbidden(headers);
        QStringList wrong;
        for (const Source &source : std::as_const(m_sources)) {
            for (const QString &include : source.includes) {
                if (source.room() != room && forbidden.match(include).hasMatch())
                    wrong.append(source.name + QStringLiteral(" includes <") + include + u'>');
            }
        }
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(u'\n')));
    }

    void onlyTheCatalogueIsOpenedThroughQt()
    {
        for (const Source &source : std::as_const(m_sources)) {
            for (const QString &include : source.includes)
                QVERIFY2(!include.startsWith(QStringLiteral("QSql")) || source.room() == QStringLiteral("catalog"),
                         qPrintable(source.name));
        }
    }

    void everyFileSaysItsLicence()
    {
        auto sources = m_sources;
        sources += sourcesBelow(Path(LITEKEEPER_SOURCE) / "tests");
        for (const Source &source : std::as_const(sources))
            QVERIFY2(source.text.startsWith(QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n")),
                     qPrintable(source.name));
    }

    void headersAreReadOnce()
    {
        for (const Source &source : std::as_const(m_sources)) {
            if (source.name.endsWith(QStringLiteral(".h")))
                QVERIFY2(source.text.contains(QStringLiteral("\n#pragma once\n")), qPrintable(source.name));
        }
    }

    void thereIsOneSqliteInTheProcess_data()
    {
        QTest::addColumn<QString>("program");

        QTest::newRow("of the command line") << QStringLiteral(LITEKEEPER_CLI);
        QTest::newRow("of the window") << QStringLiteral(LITEKEEPER_WINDOW);
    }
    /// Asks the dynamic linker what it would load: the program itself is not run.
    void thereIsOneSqliteInTheProcess()
    {
        QFETCH(QString, program);
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LD_TRACE_LOADED_OBJECTS"), QStringLiteral("1"));
        process.setProcessEnvironment(environment);
        process.start(program, QStringList());
        QVERIFY(process.waitForFinished());
        const QString loaded = QString::fromLocal8Bit(process.readAllStandardOutput());
        // That Qt Sql's driver has no other one of its own, tst_catalog sees in the running process.
        QCOMPARE(loaded.count(QRegularExpression(QStringLiteral("libsqlite3[^ ]* => "))), 1);
    }
};

QTEST_GUILESS_MAIN(TestHouse)
#include "tst_house.moc"
