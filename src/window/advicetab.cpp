// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/advicetab.h"

#include "ui_advicetab.h"

#include "window/fixes.h"
#include "window/icondelegate.h"
#include "window/theme.h"
#include "words/describe.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QMenu>
#include <QUrl>

namespace lk::window {

using models::FindingModel;

AdviceTab::AdviceTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::AdviceTab>())
{
    m_ui->setupUi(this);
    QFont bold = font();
    bold.setBold(true);
    m_ui->title->setFont(bold);
    m_ui->findings->setModel(&m_findings);
    m_ui->findings->setItemDelegate(new IconDelegate(FindingModel::IconNameRole, m_ui->findings));
    m_ui->findings->header()->resizeSection(FindingModel::SeverityColumn, fontMetrics().averageCharWidth() * 19);
    m_ui->splitter->setStretchFactor(0, 1);
    m_ui->splitter->setStretchFactor(1, 2);
    connect(m_ui->findings->selectionModel(), &QItemSelectionModel::currentChanged, this, &AdviceTab::showFinding);
    setUpButtons();
    clear();
}

AdviceTab::~AdviceTab() = default;

void AdviceTab::setUpButtons()
{
    m_ui->muteButton->setMenu(new QMenu(this));
    m_ui->copyLinkButton->setIcon(theme::icon("copy"));
    m_ui->openLinkButton->setIcon(theme::icon("go"));
    connect(m_ui->muteButton->menu(), &QMenu::aboutToShow, this, &AdviceTab::fillMuteMenu);
    connect(m_ui->showMuted, &QCheckBox::toggled, this, [this] {
        if (hasFacts())
            showFindings();
    });
    connect(m_ui->fixButton, &QPushButton::clicked, this, [this] { Q_EMIT fixRequested(current()->rule->fix); });
    connect(m_ui->measureButton, &QPushButton::clicked, this, &AdviceTab::measureRequested);
    connect(m_ui->openLinkButton, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl(m_link, QUrl::StrictMode)); });
    connect(m_ui->copyLinkButton, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(m_link); });
}

void AdviceTab::clear()
{
    m_findings.setFindings({});
    m_ui->checked->clear();
    m_ui->splitter->hide();
    m_ui->showMuted->setChecked(false);
    m_ui->showMuted->hide();
    showFinding();
}

void AdviceTab::showFacts()
{
    m_ui->checked->setText(words::checked(subject().advice));
    showFindings();
}

void AdviceTab::showFindings()
{
    const std::vector<advice::Finding> heard = subject().findings();
    const std::size_t muted = subject().advice.findings.size() - heard.size();
    m_ui->showMuted->setVisible(muted > 0);
    m_ui->showMuted->setText(tr("Show what is muted (%1)").arg(muted));
    m_findings.setFindings(m_ui->showMuted->isChecked() ? subject().advice.findings : heard);
    m_ui->splitter->setVisible(m_findings.rowCount() > 0);
    m_ui->findings->setCurrentIndex(m_findings.index(0, 0));
    showFinding();
}

const advice::Finding *AdviceTab::current() const
{
    const int row = m_ui->findings->currentIndex().row();
    return row < 0 ? nullptr : &m_findings.finding(row);
}

void AdviceTab::showFinding()
{
    const advice::Finding *finding = current();
    m_ui->details->setVisible(finding);
    if (!finding)
        return;
    const words::FindingText &text = m_findings.text(m_ui->findings->currentIndex().row());
    m_ui->title->setText(text.title);
    QStringList paragraphs{text.seen, text.why};
    const auto add = [&](const QString &title, const QString &sentence) {
        if (!sentence.isEmpty())
            paragraphs += title.arg(sentence);
    };
    add(tr("What to do: %1"), text.fix);
    add(tr("It gains: %1"), text.gain);
    add(tr("It risks: %1"), text.risk);
    add(tr("To undo it: %1"), text.undo);
    m_ui->text->setText(paragraphs.join(QStringLiteral("\n\n")));
    const QString fix = fixButtonText(finding->rule->fix);
    m_ui->fixButton->setText(fix);
    m_ui->fixButton->setVisible(!fix.isEmpty());
    const std::string_view operation = finding->rule->fix.operation;
    m_ui->measureButton->setVisible(operation == "journal" || finding->rule->fix.kind == advice::Fix::Settings);
    m_link = text.link;
    m_ui->link->setText(m_link);
    for (QWidget *part : {static_cast<QWidget *>(m_ui->link), static_cast<QWidget *>(m_ui->openLinkButton),
                          static_cast<QWidget *>(m_ui->copyLinkButton)})
        part->setVisible(!m_link.isEmpty());
}

// Muting -------------------------------------------------------------------------------------------------------------

void AdviceTab::fillMuteMenu()
{
    QMenu *menu = m_ui->muteButton->menu();
    menu->clear();
    const advice::Finding *finding = current();
    if (!finding)
        return;
    if (subject().isMuted(*finding)) {
        connect(menu->addAction(tr("Say it again")), &QAction::triggered, this, &AdviceTab::unmute);
        return;
    }
    const Path file = facts().path;
    const auto add = [&](const QString &text, const Path &place, bool anyRule) {
        connect(menu->addAction(text), &QAction::triggered, this, [this, place, anyRule] { mute(place, anyRule); });
    };
    add(tr("of this file"), file, false);
    add(tr("of files in its folder and below"), file.parent_path(), false);
    add(tr("of any file"), {}, false);
    menu->addSeparator();
    add(tr("nor anything else of this file"), file, true);
}

void AdviceTab::mute(const Path &place, bool anyRule)
{
    const advice::Finding *finding = current();
    if (!finding)
        return;
    std::vector<Mute> mutes = subject().mutes;
    mutes.push_back({.rule = anyRule ? std::string() : std::string(finding->rule->id), .place = place});
    Q_EMIT mutesChanged(mutes);
}

/// Forgets every mute that silences it.
void AdviceTab::unmute()
{
    const advice::Finding finding = *current();
    std::vector<Mute> mutes = subject().mutes;
    std::erase_if(mutes, [&](const Mute &one) { return advice::isMuted({one}, finding, facts().path); });
    Q_EMIT mutesChanged(mutes);
}

}
