// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/indexdialog.h"

#include "support/temptree.h"
#include "windowfixture.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>

using namespace lk;
using window::IndexDialog;

class tst_IndexDialog : public QObject
{
    Q_OBJECT

    std::unique_ptr<test::WindowFixture> m_window;
    IndexDialog *m_dialog = nullptr;

    template <class T>
    T *child(const char *name) const
    {
        return m_dialog->findChild<T *>(QLatin1String(name));
    }
    void type(const char *edit, const char *text) const
    {
        child<QPlainTextEdit>(edit)->setFocus();
        QTest::keyClicks(child<QPlainTextEdit>(edit), QLatin1String(text));
    }
    QString outcome() const { return child<QLabel>("outcome")->text(); }

private Q_SLOTS:
    void init()
    {
        test::failOnAnyWarning();
        m_window = std::make_unique<test::WindowFixture>();
        m_window->make("shop.db", {.rows = 5000});
        m_window->scan();
        QVERIFY(!m_window->action("tryIndexAction")->isEnabled());
        m_window->selectRows(0, 0);
        QVERIFY(m_window->action("tryIndexAction")->isEnabled());
        m_window->action("tryIndexAction")->trigger();
        m_dialog = m_window->dialog<IndexDialog>();
        QVERIFY(m_dialog);
    }
    void cleanup() { m_window.reset(); }

    void aPlanIsShownBeforeAndAfterAndTheFileStaysAsItIs()
    {
        const test::TreeSnapshot before(m_window->tree());
        QVERIFY(!child<QPushButton>("rehearseButton")->isEnabled());
        QVERIFY(!child<QWidget>("results")->isVisible());
        type("query", "SELECT id FROM t WHERE v = x'00'");
        type("index", "CREATE INDEX t_v ON t(v)");
        QTest::mouseClick(child<QPushButton>("rehearseButton"), Qt::LeftButton);
        QTRY_VERIFY(child<QWidget>("results")->isVisible());
        QCOMPARE(child<QPlainTextEdit>("planBefore")->toPlainText(), QStringLiteral("SCAN t"));
        QVERIFY(child<QPlainTextEdit>("planAfter")->toPlainText().contains(QStringLiteral("t_v")));
        QVERIFY2(outcome().contains(QStringLiteral("The index takes up")), qPrintable(outcome()));
        QVERIFY(child<QLabel>("timeBefore")->text().contains(QStringLiteral("ms ±")));
        QCOMPARE(before.difference(test::TreeSnapshot(m_window->tree())), std::string());
    }

    void whatIsNoQueryIsSaid()
    {
        type("query", "DELETE FROM t");
        type("index", "CREATE INDEX t_v ON t(v)");
        QTest::mouseClick(child<QPushButton>("rehearseButton"), Qt::LeftButton);
        QTRY_VERIFY(outcome().contains(QStringLiteral("Nothing was run")));
        QVERIFY(!child<QWidget>("results")->isVisible());
    }

    void theWindowMayGoWhileItWorks()
    {
        type("query", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c");
        type("index", "CREATE INDEX t_v ON t(v)");
        QTest::mouseClick(child<QPushButton>("rehearseButton"), Qt::LeftButton);
        const QPointer<IndexDialog> dialog = m_dialog;
        m_window.reset();
        QVERIFY(!dialog);
    }

    void itCanBeStopped()
    {
        type("query", "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT count(*) FROM c");
        type("index", "CREATE INDEX t_v ON t(v)");
        QTest::mouseClick(child<QPushButton>("rehearseButton"), Qt::LeftButton);
        QVERIFY(child<QPushButton>("stopButton")->isVisible());
        QTest::mouseClick(child<QPushButton>("stopButton"), Qt::LeftButton);
        QVERIFY(!child<QPushButton>("stopButton")->isVisible());
        QVERIFY(child<QPushButton>("rehearseButton")->isEnabled());
    }
};

int main(int argc, char **argv)
{
    return test::runWindowTest<tst_IndexDialog>(argc, argv);
}
#include "tst_indexdialog.moc"
