// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/previewmodel.h"
#include "window/operationactions.h"
#include "window/questions.h"

#include <QDialog>

#include <set>

class QLabel;

namespace Ui {
class OperationDialog;
}

namespace lk {
class Settings;
}

namespace lk::window {

/// "Check: 12 databases", or the file's name if it is one.
QString titleFor(const QString &verb, const std::vector<operations::Target> &targets);

/// The page before a write: every file, what will happen to it, and which are left alone and why. Files are looked at
/// on other threads, a bounded number at a time.
class OperationDialog final : public QDialog
{
    Q_OBJECT

public:
    OperationDialog(const OperationRequest &request, std::vector<operations::Target> targets, Questions &questions,
                    Settings &settings, QWidget *parent = nullptr);
    ~OperationDialog() override;

    std::vector<operations::Target> doable() const { return m_preview.doable(); }
    const operations::Arguments &arguments() const { return m_request.arguments; }
    /// For a parameter that is a folder or a file; asks again what would happen.
    void setPlace(const char *parameter, const Path &place);

private:
    void setUpFiles();
    void setUpButtons();
    void addParameters();
    void addPlace(const operations::Parameter &parameter);
    Path firstPlace(const operations::Parameter &parameter) const;
    QString folderKey(const char *parameter) const;
    void pick(const operations::Parameter &parameter);
    void addFlag(const operations::Parameter &parameter);
    void uncheckOthers(const operations::Parameter &chosen);
    void addOption(const operations::Parameter &parameter);
    void addNumber(const operations::Parameter &parameter);
    void addText(const operations::Parameter &parameter);
    bool isComplete() const;
    void lookAgain();
    void rehearse();
    void stopAsking();
    void askMore();
    void take(int row, operations::Report report);
    void arrange();
    void showAnswers();
    void showCounts();

    OperationRequest m_request;
    Questions &m_questions;
    Settings &m_settings;
    std::unique_ptr<Ui::OperationDialog> m_ui;
    models::PreviewModel m_preview;
    std::map<std::string, QLabel *> m_places; ///< by parameter
    std::set<jobs::JobId> m_asked;
    bool m_rehearsing = false; ///< the questions are to try it, not only to look
    int m_next = 0;            ///< the first row that was not asked about
    int m_generation = 0;      ///< of the arguments: answers to earlier ones are dropped
};

}
