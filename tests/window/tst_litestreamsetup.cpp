// SPDX-License-Identifier: GPL-3.0-or-later
// Setting Litestream up in the window.
#include "window/litestreamsetupdialog.h"
#include "windowfixture.h"

#include "support/litestream.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>

using namespace lk;
using namespace lk::test;
using namespace lk::window;

class TestLitestreamSetup : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    Questions m_questions;

    Path folder() const { return Path(m_folder->path().toStdString()); }
    std::unique_ptr<LitestreamSetupDialog> open(const Path &file)
    {
        auto dialog = std::make_unique<LitestreamSetupDialog>(std::vector{file}, m_questions);
        dialog->setConfig(folder() / "litestream.yml");
        dialog->show();
        return dialog;
    }
    template <class T>
    static T *part(const std::unique_ptr<LitestreamSetupDialog> &dialog, const char *name)
    {
        return dialog->findChild<T *>(QLatin1String(name));
    }
    static void choose(const std::unique_ptr<LitestreamSetupDialog> &dialog, const char *kind)
    {
        auto *box = part<QComboBox>(dialog, "kindBox");
        box->setCurrentIndex(box->findText(QLatin1String(kind)));
    }
    static QString preview(const std::unique_ptr<LitestreamSetupDialog> &dialog)
    {
        return part<QPlainTextEdit>(dialog, "preview")->toPlainText();
    }

private Q_SLOTS:
    void init()
    {
        failOnAnyWarning();
        m_folder = std::make_unique<QTemporaryDir>();
        makeDatabase(folder() / "shop.db", {.journalMode = "wal", .rows = 20});
    }

    void eachKindHasItsFields()
    {
        const auto dialog = open(folder() / "shop.db");
        QVERIFY(part<QLineEdit>(dialog, "bucket") && part<QLineEdit>(dialog, "secret-access-key"));
        QCOMPARE(part<QLineEdit>(dialog, "secret-access-key")->echoMode(), QLineEdit::Password);
        choose(dialog, "SFTP server");
        QVERIFY(part<QLineEdit>(dialog, "host") && !part<QLineEdit>(dialog, "bucket"));
        choose(dialog, "Folder");
        QVERIFY(part<QLineEdit>(dialog, "path") && !part<QLineEdit>(dialog, "host"));
    }

    void aWrongValueIsToldBelowItsField()
    {
        const auto dialog = open(folder() / "shop.db");
        part<QLineEdit>(dialog, "bucket")->setText(QStringLiteral("bucket"));
        QTRY_VERIFY(part<QPushButton>(dialog, "saveButton")->isEnabled());
        part<QLineEdit>(dialog, "retention")->setText(QStringLiteral("7d"));
        QVERIFY(!part<QPushButton>(dialog, "saveButton")->isEnabled());
        const QList<QLabel *> labels = dialog->findChildren<QLabel *>();
        QVERIFY(std::ranges::any_of(labels, [](const QLabel *label) {
            return label->isVisible() && label->text().contains(QStringLiteral("write 168h"));
        }));
        part<QLineEdit>(dialog, "retention")->setText(QStringLiteral("168h"));
        QTRY_VERIFY(part<QPushButton>(dialog, "saveButton")->isEnabled());
    }

    void whatIsSavedWasSeenBefore()
    {
        const auto dialog = open(folder() / "shop.db");
        writeFile(folder() / "litestream.yml", "# mine\naddr: \"127.0.0.1:9090\"\n");
        part<QLineEdit>(dialog, "bucket")->setText(QStringLiteral("bucket"));
        part<QLineEdit>(dialog, "secret-access-key")->setText(QStringLiteral("the secret"));
        QTRY_VERIFY(part<QPushButton>(dialog, "saveButton")->isEnabled());
        const QString shown = preview(dialog);
        QVERIFY(shown.startsWith(QStringLiteral("# mine\n")) && !shown.contains(QStringLiteral("the secret")));
        part<QPushButton>(dialog, "saveButton")->click();
        QTRY_VERIFY(part<QLabel>(dialog, "outcome")->text().contains(QStringLiteral("litestream.yml.before-")));
        QCOMPARE(QString::fromStdString(readFile(folder() / "litestream.yml")), shown);
        QCOMPARE(readFile(folder() / "litestream.env"), std::string("LITESTREAM_SECRET_ACCESS_KEY=\"the secret\"\n"));
        QTRY_VERIFY(preview(dialog).contains(QStringLiteral("exists already"))); // it is in there now
        QVERIFY(!part<QPushButton>(dialog, "saveButton")->isEnabled());
    }

    void aDatabaseThatIsNotInWalModeCanBeSwitched()
    {
        makeDatabase(folder() / "rollback.db");
        const auto dialog = open(folder() / "rollback.db");
        auto *button = part<QPushButton>(dialog, "walButton");
        QTRY_VERIFY(button->isVisible());
        QString verb;
        connect(dialog.get(), &LitestreamSetupDialog::operationRequested, dialog.get(),
                [&](const OperationRequest &request, const std::vector<operations::Target> &targets) {
                    verb = request.verb;
                    QCOMPARE(targets.size(), std::size_t(1));
                });
        button->click();
        QVERIFY(verb.contains(QStringLiteral("WAL")));
    }

    void theRealProgramTriesIt()
    {
        if (!litestreamProgram())
            QSKIP(qPrintable(withoutLitestream()));
        const auto dialog = open(folder() / "shop.db");
        choose(dialog, "Folder");
        part<QLineEdit>(dialog, "path")->setText(m_folder->path() + QStringLiteral("/replica"));
        QTRY_VERIFY(part<QPushButton>(dialog, "tryButton")->isEnabled());
        part<QPushButton>(dialog, "tryButton")->click();
        QTRY_VERIFY_WITH_TIMEOUT(part<QLabel>(dialog, "outcome")->text().contains(QStringLiteral("20 rows")), 60'000);
    }

    void withoutLitestreamItSaysHowToGetIt()
    {
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", m_folder->path().toLocal8Bit());
        const auto dialog = open(folder() / "shop.db");
        QTRY_VERIFY(part<QLabel>(dialog, "introduction")->text().contains(QStringLiteral("litestream.io/install")));
        qputenv("PATH", path);
        part<QLineEdit>(dialog, "bucket")->setText(QStringLiteral("bucket"));
        QTRY_VERIFY(part<QPushButton>(dialog, "saveButton")->isEnabled());
        QVERIFY(!part<QPushButton>(dialog, "tryButton")->isEnabled());
    }
};

int main(int argc, char **argv)
{
    return runWindowTest<TestLitestreamSetup>(argc, argv);
}
#include "tst_litestreamsetup.moc"
