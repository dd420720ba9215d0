// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connectionsettings.h"
#include "models/doctormodel.h"
#include "models/fields.h"
#include "models/findingmodel.h"
#include "models/holdermodel.h"
#include "models/siblingfields.h"
#include "sampledata.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace lk;
using namespace lk::models;
using inspect::SiblingState;
using test::Sample;

/// What the inspector shows, from values made by hand.
class tst_InspectorModels : public QObject
{
    Q_OBJECT

private:
    static QString meaning(const std::vector<Field> &fields, const char *name)
    {
        const auto found = std::ranges::find(fields, QLatin1String(name), &Field::name);
        return found == fields.end() ? QStringLiteral("(no such field)") : found->meaning;
    }
    static QString meaning(const std::vector<FieldGroup> &groups, std::size_t group, const char *name)
    {
        return meaning(groups.at(group).fields, name);
    }
    /// A -wal of 12 frames, 9 of them committed.
    static inspect::DatabaseFacts withWal()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{.wal = true, .walSize = 50'000});
        facts.seen.wal = sqlite::WalSummary{.frames = 12,
                                            .validFrames = 10,
                                            .committedFrames = 9,
                                            .pages = 7,
                                            .salt1 = 0x1A,
                                            .salt2 = 0xFFFF0000,
                                            .pageSize = 4096,
                                            .firstPage = {}};
        facts.siblings.wal = SiblingState::LeftByCrash;
        facts.siblings.notCheckpointed = 4;
        return facts;
    }

private Q_SLOTS:
    void fieldsAreATreeOfTwoLevels()
    {
        FieldModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGroups({{QStringLiteral("Stored"), storedFields(test::facts(Sample{.wal = true}))},
                         {QStringLiteral("Nothing"), {}}});
        QCOMPARE(model.rowCount(), 1); // a group without fields is none
        const QModelIndex stored = model.index(0, 0);
        QCOMPARE(stored.data().toString(), QStringLiteral("Stored"));
        QCOMPARE(model.index(0, FieldModel::MeaningColumn, stored).data().toString(), QStringLiteral("WAL"));
        QCOMPARE(model.index(0, FieldModel::StoredColumn, stored).data().toString(), QStringLiteral("2 / 2"));
        model.setGroups({});
        QCOMPARE(model.rowCount(), 0);
    }
    void newValuesOfTheSameFieldsKeepTheIndexes()
    {
        FieldModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setGroups({{QStringLiteral("Stored"), storedFields(test::facts(Sample{}))}});
        const QPersistentModelIndex journal = model.index(0, FieldModel::MeaningColumn, model.index(0, 0));
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setGroups({{QStringLiteral("Stored"), storedFields(test::facts(Sample{.wal = true}))}});
        QCOMPARE(reset.count(), 0);
        QCOMPARE(journal.data().toString(), QStringLiteral("WAL"));
    }
    void everyStoredFieldSaysWhatItWouldTakeToChangeIt()
    {
        for (const Field &field : storedFields(test::facts(Sample{})))
            QVERIFY2(field.explanation.contains(QStringLiteral("\nTo change it: ")), qPrintable(field.name));
        QVERIFY(storedFields(test::facts(Sample{.state = sqlite::State::Empty})).empty());
    }
    void aValueThatWaitsInTheWalIsSaidApart()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{.wal = true});
        facts.seen.current->userVersion = 77;
        const std::vector<Field> fields = storedFields(facts);
        const auto version = std::ranges::find(fields, QStringLiteral("User version"), &Field::name);
        QCOMPARE(version->stored, QStringLiteral("0"));
        QCOMPARE(version->meaning, QStringLiteral("77"));
        QVERIFY(version->explanation.contains(QStringLiteral("The latest value, 77, is in the WAL")));
    }

    void theOverviewSaysWhoseItIs()
    {
        static const inspect::Application firefox{.id = "firefox",
                                                  .name = "Firefox",
                                                  .part = "history",
                                                  .kind = inspect::UseKind::Browser,
                                                  .notes = {inspect::ApplicationNote::LocksWhileRunning},
                                                  .extension = {},
                                                  .framework = {}};
        inspect::DatabaseFacts facts = test::facts(Sample{});
        QCOMPARE(meaning(overviewFields(facts), "Application"), QStringLiteral("not known"));
        facts.application = {&firefox, inspect::Confidence::LooksLike};
        QCOMPARE(meaning(overviewFields(facts), "Application"),
                 QStringLiteral("looks like ") + QString::fromStdString(firefox.title()));
        facts.application->confidence = inspect::Confidence::BelongsTo;
        QCOMPARE(meaning(overviewFields(facts), "Application"), QString::fromStdString(firefox.title()));
        QVERIFY(meaning(overviewFields(facts), "Good to know").startsWith(QStringLiteral("Keeps an exclusive lock")));
    }
    void theOverviewNamesTheSettingsFileAndLine()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{});
        facts.project = inspect::Project{.framework = "django",
                                         .name = "Django\n<b>",
                                         .version = "5.2.1",
                                         .root = "/srv/shop",
                                         .settings = "/srv/shop/settings.py",
                                         .line = 77,
                                         .namesThisFile = true};
        QCOMPARE(meaning(overviewFields(facts), "Project"),
                 QStringLiteral("Django\\n<b> 5.2.1, named in /srv/shop/settings.py:77"));
    }
    void theOverviewSaysThatLitestreamReplicatesIt()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{});
        facts.structure.emplace();
        QCOMPARE(meaning(overviewFields(facts), "Litestream"), QStringLiteral("(no such field)"));
        facts.structure->objects.emplace_back().name = "_litestream_seq";
        QVERIFY(meaning(overviewFields(facts), "Litestream").startsWith(QStringLiteral("replicates it")));
    }
    void theOverviewTellsProblemsAndHistory()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{});
        QCOMPARE(meaning(overviewFields(facts), "Health"), QStringLiteral("nothing conspicuous"));
        QCOMPARE(meaning(overviewFields(facts), "Last check"), QStringLiteral("not known: nothing is remembered"));
        facts.seen.problems.push_back({sqlite::Problem::HotJournal, 0, 0});
        facts.history =
            inspect::History{.lastCheck = std::chrono::system_clock::now(), .lastCheckOk = false, .lastBackup = {}};
        QVERIFY(meaning(overviewFields(facts), "Health").startsWith(QStringLiteral("A program stopped in mid-write.")));
        QVERIFY(meaning(overviewFields(facts), "Last check").endsWith(QStringLiteral("not found sound")));
        QCOMPARE(meaning(overviewFields(facts), "Last backup"), QStringLiteral("never by Litekeeper"));
    }
    void whatCannotBeSeenIsNotDenied()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{});
        QCOMPARE(meaning(overviewFields(facts), "In use by"), QStringLiteral("–"));
        facts.looked = true;
        QCOMPARE(meaning(overviewFields(facts), "In use by"), QStringLiteral("nobody"));
        facts.holdersHidden = true;
        QVERIFY(meaning(overviewFields(facts), "In use by").contains(QStringLiteral("can't be seen")));
    }

    void aWalIsToldFrameByFrame()
    {
        const inspect::DatabaseFacts facts = withWal();
        const std::vector<FieldGroup> groups = siblingGroups(facts.seen, facts.siblings);
        QCOMPARE(meaning(groups, 0, "State"), QStringLiteral("left by a crash"));
        QCOMPARE(meaning(groups, 0, "Frames"), QStringLiteral("12"));
        QCOMPARE(meaning(groups, 0, "Committed"), QStringLiteral("9"));
        QCOMPARE(meaning(groups, 0, "Not committed"), QStringLiteral("1"));
        QCOMPARE(meaning(groups, 0, "Not yet checkpointed"), QStringLiteral("4"));
        QCOMPARE(meaning(groups, 0, "Salts"), QStringLiteral("0000001a ffff0000"));
        QCOMPARE(meaning(groups, 0, "Oldest reader"), QStringLiteral("(no such field)"));
        QCOMPARE(groups.at(1).fields.size(), 1u); // no -shm: one line says so
        QCOMPARE(meaning(groups, 1, "State"), QStringLiteral("not there"));
    }
    void theSharedIndexTellsReadersAndCheckpoints()
    {
        inspect::DatabaseFacts facts = withWal();
        facts.seen.siblings.shmExists = true;
        facts.siblings.shm = SiblingState::Live;
        facts.siblings.oldestReader = 5;
        facts.siblings.index =
            sqlite::WalIndex{.initialised = true, .maxFrame = 9, .backfilled = 5, .readMarks = {0, 5}};
        const std::vector<FieldGroup> groups = siblingGroups(facts.seen, facts.siblings);
        QCOMPARE(meaning(groups, 0, "Oldest reader"), QStringLiteral("at frame 5"));
        QCOMPARE(meaning(groups, 1, "Last frame"), QStringLiteral("9"));
        QCOMPARE(meaning(groups, 1, "Checkpointed"), QStringLiteral("5"));
        QCOMPARE(meaning(groups, 1, "Its two copies"), QStringLiteral("differ"));
        QCOMPARE(meaning(groups, 1, "Read marks"), QStringLiteral("0  5  –  –  –"));
    }
    void aHotJournalSaysWhatItWouldUndo()
    {
        inspect::DatabaseFacts facts = test::facts(Sample{});
        facts.seen.siblings.journalExists = true;
        facts.siblings.journal = SiblingState::Hot;
        facts.siblings.undo =
            inspect::JournalUndo{.records = 3, .pagesAfter = 10, .pagesBefore = 12, .complete = false};
        const std::vector<FieldGroup> groups = siblingGroups(facts.seen, facts.siblings);
        QCOMPARE(meaning(groups, 2, "State"), QStringLiteral("waits to be undone"));
        QCOMPARE(meaning(groups, 2, "Would bring back"), QStringLiteral("3 pages or more"));
        QCOMPARE(meaning(groups, 2, "Size after it"), QStringLiteral("10 pages, now 12"));
    }
    void everySiblingStateHasWords()
    {
        for (int state = 0; state <= static_cast<int>(SiblingState::NotReadable); ++state)
            QVERIFY(!siblingStateText(static_cast<SiblingState>(state)).isEmpty());
    }

    void holdersKeepTheirRowsWhileTheyStay()
    {
        HolderModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setHolders({{.pid = 9, .name = "b\033[0m", .user = "anna", .locks = {"wal-read-1", "wal-open"}},
                          {.pid = 4, .name = "a", .user = "root", .locks = {}}});
        QCOMPARE(model.index(0, HolderModel::PidColumn).data().toString(), QStringLiteral("4"));
        QCOMPARE(model.index(0, HolderModel::LocksColumn).data().toString(), QStringLiteral("no lock at this moment"));
        QCOMPARE(model.index(1, HolderModel::NameColumn).data().toString(), QStringLiteral("b\\x1b[0m"));
        QCOMPARE(model.index(1, HolderModel::LocksColumn).data().toString(),
                 QStringLiteral("reads (mark 1), has it open"));
        const QPersistentModelIndex second = model.index(1, HolderModel::LocksColumn);
        model.setHolders({{.pid = 4, .name = "a", .user = "root", .locks = {}},
                          {.pid = 9, .name = "b", .user = "anna", .locks = {"new-lock"}}});
        QCOMPARE(second.data().toString(), QStringLiteral("new-lock")); // one we have no words for
        model.setHolders({});
        QVERIFY(!second.isValid());
    }

    void aProjectsSettingsSayWhereTheyStandAndWhatIsWrong()
    {
        DoctorModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QVERIFY(!model.programs().isEmpty()); // that there is none
        const advice::Rule *rule = advice::doctorRules().front();
        advice::Diagnosis diagnosis;
        diagnosis.driver = &inspect::drivers().front();
        diagnosis.root = "/srv/shop";
        diagnosis.rows = {{.setting = "synchronous", .inForce = "FULL"},
                          {.setting = "busy_timeout",
                           .inForce = "0\n\x1b[31m",
                           .source = advice::Source::Set,
                           .file = "app.py",
                           .line = 12,
                           .recommended = "5000",
                           .finding = rule}};
        advice::Finding wrong;
        wrong.rule = rule;
        diagnosis.findings = {{.finding = wrong, .setting = "busy_timeout"}};
        diagnosis.patch = QStringLiteral("+1");
        model.setDiagnoses({diagnosis, diagnosis});
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(model.worthwhileRow(), 1);
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(1, DoctorModel::WhereColumn), QStringLiteral("app.py:12"));
        QVERIFY(!text(1, DoctorModel::InForceColumn).contains(QChar(0x1b)));
        QCOMPARE(text(0, DoctorModel::RecommendedColumn), QStringLiteral("–"));
        QVERIFY(!model.index(1, 0).data(DoctorModel::IconNameRole).toString().isEmpty());
        QVERIFY(!model.index(0, 0).data(DoctorModel::IconNameRole).isValid());
        QVERIFY(model.explanation(1).contains(words::describe(wrong).title));
        QCOMPARE(model.patch(), QStringLiteral("+1+1"));
        for (int column = 0; column < DoctorModel::ColumnNumbers; ++column)
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
        model.setDiagnoses({});
        QCOMPARE(model.rowCount(), 0);
    }

    void findingsHaveAWeightAWordAndAnIcon()
    {
        FindingModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        std::vector<advice::Finding> findings;
        for (const advice::Rule *rule : advice::rules())
            findings.push_back({.rule = rule});
        model.setFindings(findings);
        QCOMPARE(model.rowCount(), static_cast<int>(findings.size()));
        for (int row = 0; row < model.rowCount(); ++row) {
            const QModelIndex weight = model.index(row, FindingModel::SeverityColumn);
            QVERIFY(!weight.data().toString().isEmpty());
            QVERIFY(!weight.data(FindingModel::IconNameRole).toString().isEmpty());
            QVERIFY(!model.index(row, FindingModel::TitleColumn).data().toString().isEmpty());
        }
        model.setFindings({});
        QCOMPARE(model.rowCount(), 0);
    }
    void findingsOfManyAreOneLineWithItsFiles()
    {
        FindingGroupModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const advice::Rule *rule = advice::rules().front();
        model.setGroups({{.rule = rule, .weight = advice::Severity::Warning, .files = {"/a\n.db", "/b.db"}}});
        const QModelIndex group = model.index(0, 0);
        QVERIFY(group.siblingAtColumn(1).data().toString().startsWith(QStringLiteral("2 databases: ")));
        QCOMPARE(model.rowCount(group), 2);
        const QModelIndex file = model.index(0, 1, group);
        QCOMPARE(file.data().toString(), QStringLiteral("/a\\n.db"));
        QCOMPARE(*model.file(file), Path("/a\n.db"));
        QCOMPARE(model.group(file)->rule, rule);
        QVERIFY(!model.file(group));
        QVERIFY(!model.group({}));
    }

    void settingsOfConnectionsHaveCodeToCopy()
    {
        ConnectionSettingModel model;
        QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setUse(advice::Profile::Web, true);
        QCOMPARE(model.code(0), QStringLiteral("PRAGMA busy_timeout = 5000;"));
        QVERIFY(model.code().startsWith(model.code(0))); // the others may meet a lock themselves
        QVERIFY(model.code().contains(QStringLiteral("\nPRAGMA synchronous = NORMAL;\n")));
        QVERIFY(!model.code().contains(QStringLiteral("journal_mode"))); // the file keeps that
        QVERIFY(!model.code().contains(QStringLiteral("transaction")));  // no PRAGMA says that
        for (int row = 0; row < model.rowCount(); ++row)
            QVERIFY(model.explanation(row).contains(QStringLiteral("Usual defaults: SQLite itself")));
        QVERIFY(model.explanation(0).contains(QStringLiteral("5000: waits up to 5 s")));
    }
    void synchronousNormalIsNotRecommendedWithoutWal()
    {
        ConnectionSettingModel model;
        for (int profile = 0; profile < advice::Profiles; ++profile) {
            model.setUse(static_cast<advice::Profile>(profile), false);
            QVERIFY(model.code().contains(QStringLiteral("PRAGMA synchronous = FULL;")));
            QVERIFY(!model.code().contains(QStringLiteral("wal_autocheckpoint")));
            QVERIFY(!models::profileTitle(static_cast<advice::Profile>(profile)).isEmpty());
        }
    }
    void thereIsNoCellThatPretendsToSetSomething()
    {
        ConnectionSettingModel model;
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 0; column < model.columnCount(); ++column)
                QVERIFY(
                    !model.flags(model.index(row, column)).testAnyFlags(Qt::ItemIsEditable | Qt::ItemIsUserCheckable));
        }
    }
};

QTEST_GUILESS_MAIN(tst_InspectorModels)
#include "tst_inspectormodels.moc"
