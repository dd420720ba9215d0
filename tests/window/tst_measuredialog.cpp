// SPDX-License-Identifier: GPL-3.0-or-later
// Measuring in the window: a real, short run by real processes, and what the figures become.
#include "models/measuremodel.h"
#include "models/tableexport.h"
#include "window/measurechart.h"
#include "window/measuredialog.h"
#include "window/operationdialog.h"

#include "support/temptree.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTableView>
#include <QTemporaryDir>

using namespace lk;
using models::MeasureModel;
using window::MeasureDialog;

static constexpr int PatienceMs = 60'000;

static std::vector<measure::Cell> twoCells()
{
    return measure::cellsOf({measure::findPreset("default"), measure::findPreset("server")},
                            measure::Load{.writers = 2, .readers = 1});
}

/// Three rounds of \a commits a second and half as many failures.
static measure::CellResult resultOf(std::size_t cell, double commits)
{
    measure::CellResult result{.cell = cell, .rounds = 3};
    result.writes.rates = {commits, commits * 1.01, commits * 0.99};
    result.writes.perSecond = commits;
    result.writes.tried = 300;
    result.writes.done = 200;
    result.writes.failed = 100;
    result.writes.latency.add(std::chrono::milliseconds(2));
    result.writes.longest = std::chrono::seconds(1);
    result.writes.fewest = 3;
    result.writes.most = 77;
    result.reads = result.writes;
    return result;
}

class TestMeasureDialog : public QObject
{
    Q_OBJECT

    QTemporaryDir m_person;

    template <class T>
    static T *part(MeasureDialog *dialog, const char *name)
    {
        return dialog->findChild<T *>(QLatin1String(name));
    }
    static MeasureDialog *open(test::WindowFixture &in)
    {
        in.action("measureAction")->trigger();
        auto *dialog = in.dialog<MeasureDialog>();
        if (dialog)
            dialog->setProgram(LITEKEEPER_CLI);
        return dialog;
    }
    static void choose(QComboBox *box, const char *value) { box->setCurrentIndex(box->findData(QLatin1String(value))); }

private Q_SLOTS:
    /// A person measures once at a time; this test is a person of its own.
    void initTestCase()
    {
        QVERIFY(m_person.isValid());
        for (const char *folder : {"XDG_RUNTIME_DIR", "XDG_DATA_HOME"})
            qputenv(folder, m_person.path().toUtf8());
    }
    void init() { test::failOnAnyWarning(); }

    // The figures -------------------------------------------------------------------------------------------------

    void theModelShowsRatiosAndBareNumbers()
    {
        MeasureModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.begin(twoCells());
        QCOMPARE(model.rowCount(), 2);
        const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
        QCOMPARE(text(1, MeasureModel::CommitsColumn), QStringLiteral("…"));
        QVERIFY(model.verdict().isEmpty());
        model.setResult(resultOf(1, 4000));
        QVERIFY(!model.isMeasured());
        model.setResult(resultOf(0, 100));
        QVERIFY(model.isMeasured());
        QCOMPARE(text(0, MeasureModel::CommitRatioColumn), QStringLiteral("1 ×"));
        QCOMPARE(text(1, MeasureModel::CommitRatioColumn), QStringLiteral("40 ×"));
        QCOMPARE(text(1, MeasureModel::ErrorsColumn), QStringLiteral("33 %"));
        QCOMPARE(text(1, MeasureModel::LongestColumn), QStringLiteral("1.00 s"));
        QCOMPARE(text(1, MeasureModel::FairnessColumn), QStringLiteral("3 … 77"));
        QCOMPARE(model.index(1, MeasureModel::CommitsColumn).data(Qt::EditRole).toDouble(), 4000.0);
        QVERIFY2(model.verdict().contains(QStringLiteral("40 ×")), qPrintable(model.verdict()));
        for (int column = 0; column < MeasureModel::ColumnNumbers; ++column) {
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(!model.headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString().isEmpty());
            QVERIFY(!text(1, column).isEmpty());
        }
        model.setResult(resultOf(7, 1)); // of another plan
        QCOMPARE(model.rowCount(), 2);
    }

    void whoDoesNotReadHasNoFiguresOfReading()
    {
        MeasureModel model;
        model.begin(measure::journalModes({}, {.writers = 1}));
        model.setResult(resultOf(0, 100));
        QCOMPARE(model.index(0, MeasureModel::ReadsColumn).data().toString(), QStringLiteral("–"));
        QVERIFY(!model.index(0, MeasureModel::ReadsColumn).data(Qt::EditRole).isValid());
    }

    // Taking them along -------------------------------------------------------------------------------------------

    void aTableIsExportedSafely()
    {
        QStandardItemModel table(2, 2);
        table.setHorizontalHeaderLabels({QStringLiteral("Name"), QStringLiteral("per s")});
        table.setItem(0, 0, new QStandardItem(QStringLiteral("=cmd(),\"x\"")));
        table.setItem(1, 0, new QStandardItem(QStringLiteral("<b>bold</b>")));
        table.item(0, 0)->setData(QStringLiteral("=cmd(),\"x\""), Qt::EditRole);
        for (int row = 0; row < 2; ++row) {
            table.setItem(row, 1, new QStandardItem);
            table.item(row, 1)->setData(-1.5, Qt::EditRole);
        }
        QCOMPARE(models::toCsv(table), QByteArray("Name,per s\n\"'=cmd(),\"\"x\"\"\",-1.5\n<b>bold</b>,-1.5\n"));
        const QJsonArray rows = QJsonDocument::fromJson(models::toJson(table)).array();
        QCOMPARE(rows.at(0).toObject().value(QStringLiteral("per s")).toDouble(), -1.5);
        const QByteArray html = models::toHtml(QStringLiteral("T & T"), {QStringLiteral("a < b")}, "png", table);
        QVERIFY(html.contains("&lt;b&gt;bold&lt;/b&gt;") && html.contains("T &amp; T") && html.contains("a &lt; b"));
        QVERIFY(!html.contains("<b>bold"));
        QVERIFY(html.contains("data:image/png;base64,cG5n"));
    }

    void headingsStayApart()
    {
        QStandardItemModel table(1, 2);
        table.setHorizontalHeaderLabels({QStringLiteral("per s"), QStringLiteral("per s")});
        table.setItem(0, 0, new QStandardItem(QStringLiteral("a")));
        table.setItem(0, 1, new QStandardItem(QStringLiteral("b")));
        QCOMPARE(QJsonDocument::fromJson(models::toJson(table)).array().at(0).toObject().size(), 2);
    }

    void theChartIsAPictureOfTheModel()
    {
        MeasureModel model;
        window::MeasureChart chart(model);
        chart.resize(400, 200);
        model.begin(twoCells());
        model.setResult(resultOf(0, 100));
        const QByteArray before = chart.png();
        QVERIFY(before.startsWith("\x89PNG"));
        model.setResult(resultOf(1, 4000));
        QVERIFY(chart.png() != before);
    }

    // The dialog --------------------------------------------------------------------------------------------------

    void twoSettingsAreMeasuredBesideTheFileWhichStaysAsItIs()
    {
        test::WindowFixture in;
        const Path path = in.make("shop.db", {.rows = 500});
        in.scan();
        in.selectRows(0, 0);
        MeasureDialog *dialog = open(in);
        QVERIFY(dialog);
        part<QSpinBox>(dialog, "writersSpin")->setValue(1);
        part<QSpinBox>(dialog, "readersSpin")->setValue(1);
        part<QSpinBox>(dialog, "secondsSpin")->setValue(1);
        auto *measure = part<QPushButton>(dialog, "measureButton");
        auto *apply = part<QPushButton>(dialog, "applyButton");
        QVERIFY(measure->isEnabled() && !apply->isEnabled());
        const test::TreeSnapshot before(in.tree());
        const std::string bytes = test::readFile(path);
        QTest::mouseClick(measure, Qt::LeftButton);
        QVERIFY(!measure->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(measure->isEnabled(), PatienceMs);
        auto *table = part<QTableView>(dialog, "table");
        QCOMPARE(table->model()->rowCount(), 2);
        const QString verdict = part<QLabel>(dialog, "verdict")->text();
        QVERIFY2(!verdict.isEmpty(), qPrintable(verdict));
        for (int row = 0; row < 2; ++row)
            QVERIFY(table->model()->index(row, MeasureModel::CommitsColumn).data(Qt::EditRole).toDouble() > 0);
        QVERIFY(part<QLabel>(dialog, "surroundings")->text().contains(QStringLiteral("flush")));
        // The folder's own time changes with the scratch folder; no file in it does.
        QVERIFY(test::readFile(path) == bytes);
        QVERIFY(before.difference(test::TreeSnapshot(in.tree())).find("shop.db") == std::string::npos);
        QVERIFY(apply->isEnabled());
        QTest::mouseClick(apply, Qt::LeftButton);
        QTRY_VERIFY(in.dialog<window::OperationDialog>());
        in.dialog<window::OperationDialog>()->reject();
        dialog->close();
    }

    void stoppingKeepsWhatIsKnown()
    {
        test::WindowFixture in;
        in.make("shop.db");
        in.scan();
        in.selectRows(0, 0);
        MeasureDialog *dialog = open(in);
        part<QSpinBox>(dialog, "secondsSpin")->setValue(600);
        QTest::mouseClick(part<QPushButton>(dialog, "measureButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!part<QLabel>(dialog, "surroundings")->text().isEmpty(), PatienceMs);
        QTest::mouseClick(part<QPushButton>(dialog, "stopButton"), Qt::LeftButton);
        QVERIFY(part<QPushButton>(dialog, "measureButton")->isEnabled());
        QVERIFY(part<QLabel>(dialog, "verdict")->text().startsWith(QStringLiteral("Stopped")));
        dialog->close();
    }

    void whatCantBeMeasuredIsSaid()
    {
        test::WindowFixture in;
        in.make("shop.db");
        in.scan();
        in.selectRows(0, 0);
        MeasureDialog *dialog = open(in);
        dialog->setProgram("/nowhere/litekeeper-cli");
        QTest::mouseClick(part<QPushButton>(dialog, "measureButton"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(!part<QLabel>(dialog, "verdict")->text().isEmpty(), PatienceMs);
        QVERIFY(!part<QPushButton>(dialog, "exportButton")->isEnabled());
        dialog->close();
    }

    void whatAKilledRunLeftGoesAtTheNextStart()
    {
        test::WindowFixture in;
        const Path left = in.tree() / ".litekeeper-measure-abcdef";
        std::filesystem::create_directories(left);
        test::writeFile(left / "round.db", "left");
        const Path other = in.tree() / "litekeeper-measure-of-mine";
        std::filesystem::create_directories(other);
        const Path data = Path(m_person.path().toStdString()) / "litekeeper";
        std::filesystem::create_directories(data);
        in.window->cleanUp(); // without a note of where, nothing is looked for
        test::writeFile(data / "measuring", in.tree().native());
        in.window->cleanUp();
        QTRY_VERIFY_WITH_TIMEOUT(!std::filesystem::exists(left), PatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(!std::filesystem::exists(data / "measuring"), PatienceMs);
        QVERIFY(std::filesystem::exists(other));
    }

    void aProtectedFolderIsLeftAlone()
    {
        window::Questions questions;
        MeasureDialog dialog(questions, {}, "/usr/share");
        dialog.show();
        QVERIFY(!part<QPushButton>(&dialog, "measureButton")->isEnabled());
        QVERIFY(part<QLabel>(&dialog, "surroundings")->text().contains(QStringLiteral("protected")));
        MeasureDialog unlocked(questions, {"/usr"}, "/usr/share");
        QVERIFY(part<QPushButton>(&unlocked, "measureButton")->isEnabled());
    }

    void onBatteryItIsMeasuredOnlyIfThePersonSaysSo()
    {
        test::WindowFixture in;
        MeasureDialog *dialog = open(in);
        dialog->setOnBattery(true);
        auto *box = part<QCheckBox>(dialog, "batteryBox");
        auto *measure = part<QPushButton>(dialog, "measureButton");
        QVERIFY(box->isVisible() && !measure->isEnabled());
        QVERIFY(part<QLabel>(dialog, "surroundings")->text().contains(QStringLiteral("battery")));
        box->click();
        QVERIFY(measure->isEnabled());
        dialog->close();
    }

    void settingsOfOnesOwnAreAskedForOnlyWhereTheyAreMeant()
    {
        test::WindowFixture in;
        MeasureDialog *dialog = open(in);
        auto *own = part<QWidget>(dialog, "own");
        QVERIFY(!own->isVisible());
        choose(part<QComboBox>(dialog, "secondBox"), "own");
        QVERIFY(own->isVisible());
        choose(part<QComboBox>(dialog, "firstBox"), "modes");
        QVERIFY(!own->isVisible());
        QVERIFY(!part<QComboBox>(dialog, "secondBox")->isEnabled());
        part<QSpinBox>(dialog, "writersSpin")->setValue(0);
        part<QSpinBox>(dialog, "readersSpin")->setValue(0);
        QVERIFY(!part<QPushButton>(dialog, "measureButton")->isEnabled());
        dialog->close();
    }
};

int main(int argc, char **argv)
{
    return test::runWindowTest<TestMeasureDialog>(argc, argv);
}
#include "tst_measuredialog.moc"
