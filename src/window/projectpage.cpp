// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/projectpage.h"

#include "window/icondelegate.h"
#include "window/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace lk::window {

using models::DoctorModel;

static QLabel *plainLabel(const char *name)
{
    auto *label = new QLabel;
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText); // it has texts out of other people's files
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return label;
}

ProjectPage::ProjectPage(QWidget *parent)
    : QWidget(parent)
    , m_programs(plainLabel("project.programs"))
    , m_table(new QTableView)
    , m_explanation(plainLabel("project.explanation"))
    , m_patch(new QPlainTextEdit)
    , m_copy(new QPushButton(theme::icon("copy"), tr("Copy the patch")))
{
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_programs);
    layout->addWidget(m_table, 3);
    layout->addWidget(m_explanation);
    layout->addWidget(m_patch, 2);
    layout->addWidget(m_copy, 0, Qt::AlignLeading);
    setUpTable();
    m_patch->setObjectName(QStringLiteral("project.patch"));
    m_patch->setAccessibleName(tr("Patch to copy"));
    m_patch->setReadOnly(true);
    m_patch->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_patch->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_copy->setObjectName(QStringLiteral("project.copy"));
    m_copy->setAutoDefault(false);
    connect(m_copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_model.patch()); });
    clear();
}

void ProjectPage::setUpTable()
{
    m_table->setObjectName(QStringLiteral("project.table"));
    m_table->setAccessibleName(tr("Settings of the project"));
    m_table->setModel(&m_model);
    m_table->setItemDelegate(new IconDelegate(DoctorModel::IconNameRole, m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTextElideMode(Qt::ElideMiddle);
    m_table->setWordWrap(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int character = fontMetrics().averageCharWidth();
    m_table->setColumnWidth(DoctorModel::SettingColumn, character * 20);
    m_table->setColumnWidth(DoctorModel::InForceColumn, character * 14);
    m_table->setColumnWidth(DoctorModel::WhereColumn, character * 24);
    m_table->setColumnWidth(DoctorModel::RecommendedColumn, character * 14);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &ProjectPage::showRow);
}

void ProjectPage::clear()
{
    setDiagnoses({});
    m_programs->clear();
}

void ProjectPage::setReading()
{
    clear();
    m_programs->setText(tr("Reading the project's files…"));
}

void ProjectPage::setDiagnoses(std::vector<advice::Diagnosis> diagnoses)
{
    m_model.setDiagnoses(std::move(diagnoses));
    m_programs->setText(m_model.programs());
    m_table->setVisible(m_model.rowCount() > 0);
    m_table->setColumnHidden(DoctorModel::ProgramColumn, m_model.diagnoses().size() < 2);
    m_table->setCurrentIndex(m_model.index(m_model.worthwhileRow(), 0));
    m_patch->setPlainText(m_model.patch());
    m_patch->setVisible(!m_model.patch().isEmpty());
    m_copy->setVisible(!m_model.patch().isEmpty());
    showRow();
}

void ProjectPage::showRow()
{
    const int row = m_table->currentIndex().row();
    m_explanation->setText(row < 0 ? QString() : m_model.explanation(row));
}

}
