// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "litestream/keys.h"
#include "litestream/writeconfig.h"
#include "window/operationactions.h"
#include "window/questions.h"

#include <QDialog>

#include <memory>

class QLabel;
class QLineEdit;

namespace Ui {
class LitestreamSetupDialog;
}

namespace lk::window {

/// Has Litestream copy the selected databases somewhere: what the fields say is judged while it is typed, shown as it
/// will stand in the configuration, tried if the person wants, and written only by Save.
class LitestreamSetupDialog final : public QDialog
{
    Q_OBJECT

public:
    LitestreamSetupDialog(std::vector<Path> files, Questions &questions, QWidget *parent = nullptr);
    ~LitestreamSetupDialog() override;

    /// Which configuration it is written into; it need not be there.
    void setConfig(const Path &config);

Q_SIGNALS:
    /// The databases are to be in WAL mode.
    void operationRequested(const lk::window::OperationRequest &request,
                            const std::vector<lk::operations::Target> &targets);
    /// There is a configuration now that says what was wished for.
    void configWritten(const lk::Path &config);

private:
    /// A key's line in the form, and what is wrong with it below.
    struct Field
    {
        const litestream::Key *key = nullptr;
        QLineEdit *edit = nullptr;
        QLabel *problem = nullptr;
    };

    void findProgram();
    void makeFields();
    void addField(const litestream::Key &key);
    const litestream::StorageKind &kind() const;
    litestream::Replica replica() const;
    std::vector<litestream::Database> databases() const;
    litestream::Secrets secrets() const;
    void judge();
    void showPlan(const Result<litestream::Plan> &plan, const std::vector<litestream::Problem> &ofFiles);
    void showProblems(const std::vector<litestream::Problem> &draft, const std::vector<litestream::Problem> &ofFiles);
    void save();
    void tryIt();
    void switchToWal();
    void showState();

    Questions &m_questions;
    std::vector<Path> m_files;
    Path m_config;
    litestream::Syntax m_syntax = litestream::Syntax::V03;
    std::optional<litestream::Program> m_program;
    std::unique_ptr<Ui::LitestreamSetupDialog> m_ui;
    std::vector<Field> m_fields;
    std::optional<litestream::Plan> m_plan; ///< what Save writes; nothing while it would be wrong
    int m_judged = 0;                       ///< what an earlier question answers is not about what stands here now
    bool m_isReady = false;                 ///< the fields are such that it can be tried
    jobs::JobId m_trying = 0;
};

}
