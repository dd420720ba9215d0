// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/pagestab.h"

#include "ui_pagestab.h"

#include "base/text.h"
#include "sqlite/header.h"
#include "sqlite/pages.h"
#include "window/roomydelegate.h"
#include "words/describe.h"

#include <QFontDatabase>

namespace lk::window {

using models::HexModel;
using models::PageModel;
using Read = Result<inspect::Pages>;

static constexpr std::uint32_t PagesAtOnce = 1000;

PagesTab::PagesTab(Questions &questions, QWidget *parent)
    : InspectorTab(questions, parent)
    , m_ui(std::make_unique<Ui::PagesTab>())
{
    m_ui->setupUi(this);
    setUpHex();
    setUpPages();
    m_ui->splitter->setStretchFactor(0, 3);
    m_ui->splitter->setStretchFactor(1, 2);
    clear();
}

PagesTab::~PagesTab() = default;

void PagesTab::setUpHex()
{
    QTableView *hex = m_ui->hex;
    hex->setModel(&m_hex);
    hex->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    const QFontMetrics metrics(hex->font());
    hex->horizontalHeader()->setMinimumSectionSize(metrics.horizontalAdvance(QStringLiteral("00")));
    hex->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    hex->horizontalHeader()->setHighlightSections(false);
    hex->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    hex->verticalHeader()->setMinimumSectionSize(metrics.height());
    hex->verticalHeader()->setDefaultSectionSize(metrics.height() + 2);
    hex->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    hex->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    constexpr int Rows = 7;
    hex->setFixedHeight(hex->horizontalHeader()->sizeHint().height() + Rows * (metrics.height() + 2) + 2);
    connect(hex->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &index) {
        const int field = HexModel::fieldOf(index);
        const QAbstractItemModel *fields = m_ui->fields->tree()->model();
        m_ui->fields->tree()->setCurrentIndex(fields->index(field, 0, fields->index(0, 0)));
    });
    connect(m_ui->fields->tree()->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex &index) {
                if (index.parent().isValid())
                    chooseBytesOf(index.row());
            });
}

/// All of a field's bytes are selected; the current one stays where it is, if it is one of them.
void PagesTab::chooseBytesOf(int field)
{
    const sqlite::HeaderField &of = sqlite::headerFields()[static_cast<std::size_t>(field)];
    QItemSelection bytes;
    for (std::size_t i = 0; i < of.size; ++i) {
        const QModelIndex index = m_hex.indexOf(of.offset + i);
        bytes.select(index, index);
    }
    QItemSelectionModel *selection = m_ui->hex->selectionModel();
    if (HexModel::fieldOf(selection->currentIndex()) != field)
        selection->setCurrentIndex(m_hex.indexOf(of.offset), QItemSelectionModel::NoUpdate);
    // The view selects the current byte alone once this has returned to it.
    QMetaObject::invokeMethod(
        this, [selection, bytes] { selection->select(bytes, QItemSelectionModel::ClearAndSelect); },
        Qt::QueuedConnection);
}

void PagesTab::setUpPages()
{
    QTreeView *list = m_ui->list;
    list->setModel(&m_pages);
    list->setItemDelegate(new RoomyDelegate(list));
    const int character = fontMetrics().averageCharWidth();
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(PageModel::KindColumn, QHeaderView::Stretch);
    list->header()->resizeSection(PageModel::NumberColumn, character * 8);
    list->header()->resizeSection(PageModel::CellsColumn, character * 7);
    list->header()->resizeSection(PageModel::GapColumn, character * 8);
    list->header()->resizeSection(PageModel::LinkColumn, character * 10);
    connect(m_ui->previousButton, &QPushButton::clicked, this, [this] { read(m_first - PagesAtOnce); });
    connect(m_ui->nextButton, &QPushButton::clicked, this, [this] { read(m_first + PagesAtOnce); });
}

void PagesTab::clear()
{
    m_reading = 0;
    m_first = 1;
    m_ui->note->clear();
    m_ui->note->hide();
    m_hex.setBytes({});
    m_ui->fields->setGroups({});
    m_pages.setPages({});
    m_ui->hex->hide();
    m_ui->splitter->hide();
}

void PagesTab::showFacts()
{
    read(m_first);
}

void PagesTab::read(std::uint32_t first)
{
    stop(m_reading);
    m_reading = ask<Read>(
        [path = facts().path, first](const std::stop_token &stop, Progress &) {
            return inspect::readPages(path, first, PagesAtOnce, stop);
        },
        [this, first](const Read &pages) {
            m_reading = 0;
            m_ui->note->setVisible(!pages);
            if (pages)
                show(*pages, first);
            else
                m_ui->note->setText(words::describe(pages.error()));
        });
}

void PagesTab::show(const inspect::Pages &pages, std::uint32_t first)
{
    m_first = first;
    m_ui->hex->show();
    m_ui->splitter->show();
    if (pages.header != m_hex.bytes())
        m_hex.setBytes(pages.header);
    m_ui->fields->setGroups({{tr("The first 100 bytes"), models::headerFieldRows(pages.header)}});
    m_pages.setPages(pages.pages);
    QStringList notes;
    if (pages.header.size() < sqlite::Header::Size)
        notes += tr("The file is shorter than a header.");
    if (pages.freelistCut)
        notes += tr("The list of free pages is damaged: some may be shown as something else.");
    if (facts().seen.siblings.wal > 0)
        notes += tr("These are the main file's bytes: what waits in the -wal is not in them yet.");
    m_ui->note->setText(notes.join(QLatin1Char(' ')));
    m_ui->note->setVisible(!notes.isEmpty());
    const std::uint32_t last = first + static_cast<std::uint32_t>(pages.pages.size()) - 1;
    const auto number = [](std::uint64_t value) { return QString::fromStdString(text::count(value)); };
    m_ui->range->setText(pages.pages.empty()
                             ? tr("No whole page")
                             : tr("Pages %1 to %2 of %3").arg(number(first), number(last), number(pages.pageCount)));
    m_ui->previousButton->setEnabled(first > 1);
    m_ui->nextButton->setEnabled(last < pages.pageCount && !pages.pages.empty());
}

}
