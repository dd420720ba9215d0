// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/historymodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace lk;
using models::HistoryModel;

/// What was done, as rows.
class tst_HistoryModel : public QObject
{
    Q_OBJECT

    static catalog::Entry entry(std::int64_t id)
    {
        catalog::Entry entry{.id = id, .path = "/data/shop\x1b.db", .operation = "check"};
        entry.said = "shop.db is sound.";
        return entry;
    }
    static QString icon(const catalog::Entry &entry)
    {
        HistoryModel model;
        model.setEntries({entry});
        return model.index(0, HistoryModel::WhatColumn).data(HistoryModel::IconNameRole).toString();
    }

private Q_SLOTS:
    void whatWasDoneIsARow()
    {
        HistoryModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        catalog::Entry undone = entry(1);
        undone.undoneBy = 2;
        catalog::Entry undo = entry(2);
        undo.undoes = 1;
        model.setEntries({undo, undone});
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, HistoryModel::WhatColumn).data().toString(), QStringLiteral("Check (takes back 1)"));
        QCOMPARE(model.index(1, HistoryModel::WhatColumn).data().toString(), QStringLiteral("Check"));
        QCOMPARE(model.index(1, HistoryModel::FileColumn).data().toString(), QStringLiteral("shop\\x1b.db"));
        QCOMPARE(model.index(0, HistoryModel::OutcomeColumn).data().toString(), QStringLiteral("shop.db is sound."));
        QVERIFY(
            model.index(1, HistoryModel::OutcomeColumn).data().toString().startsWith(QStringLiteral("Taken back.")));
        for (int column = 0; column < HistoryModel::ColumnNumbers; ++column) {
            QVERIFY(!model.headerData(column, Qt::Horizontal).toString().isEmpty());
            QVERIFY(!model.index(0, column).data(Qt::ToolTipRole).toString().isEmpty());
        }
    }

    void ofAnOperationNobodyKnowsItsIdIsShown()
    {
        HistoryModel model;
        catalog::Entry one = entry(1);
        one.operation = "teleport";
        model.setEntries({one});
        QCOMPARE(model.index(0, HistoryModel::WhatColumn).data().toString(), QStringLiteral("teleport"));
    }

    void newOnesComeBeforeTheOthers()
    {
        HistoryModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setEntries({entry(2), entry(1)});
        const QPersistentModelIndex kept = model.index(0, 0);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setEntries({entry(4), entry(3), entry(2), entry(1)});
        QCOMPARE(kept.row(), 2);
        model.setEntries({entry(4), entry(3), entry(2), entry(1)});
        QCOMPARE(reset.count(), 0);
        model.setEntries({entry(9)});
        QCOMPARE(reset.count(), 1);
        model.setEntries({});
        QCOMPARE(model.rowCount(), 0);
    }

    void iconsSayWhatCameOfIt()
    {
        catalog::Entry one = entry(1);
        QCOMPARE(icon(one), QStringLiteral("done"));
        one.fields = {{"verdict", std::string("damaged")}};
        QCOMPARE(icon(one), QStringLiteral("damaged"));
        one.fields.clear();
        one.status = operations::Status::Skipped;
        QCOMPARE(icon(one), QStringLiteral("info"));
        one.status = operations::Status::Failed;
        one.error = "busy";
        QCOMPARE(icon(one), QStringLiteral("warning"));
        one.error = "cancelled";
        QCOMPARE(icon(one), QStringLiteral("stop"));
    }
};

QTEST_GUILESS_MAIN(tst_HistoryModel)
#include "tst_historymodel.moc"
