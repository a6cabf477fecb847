// The table of contents of the product: every resource, with what is special about saving it and what can be done with it, and every
// report.

using Crm.Domain.Affiliates;
using Crm.Domain.Budgets;
using Crm.Domain.Campaigns;
using Crm.Domain.Commissions;
using Crm.Domain.Consents;
using Crm.Domain.Conversions;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.Deliveries;
using Crm.Domain.Erasures;
using Crm.Domain.Events;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Mail;
using Crm.Domain.Postbacks;
using Crm.Domain.Reports;
using Crm.Domain.Reports.Definitions;
using Crm.Domain.Retention;
using Crm.Domain.Sites;
using Crm.Domain.Touches;
using Crm.Domain.Traffic;
using Crm.Domain.TrustedDocuments;
using Crm.Domain.Webhooks;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain;

/// <summary>The top floor: the one place that names every feature, and where each hangs in what it wants to hear of.</summary>
public static class CrmCatalog
{
    /// <summary>The product as it is shipped.</summary>
    public static readonly Catalog Standard = new([
        CatalogEntry.OfSetting<Workspace>() with
        {
            Create = CreateWorkspace.Run,
            Saving = _ => Effect.Opens,
        },
        CatalogEntry.OfSetting<ApiKey>(PrepareApiKey.Run, PrepareApiKey.Revoke) with
        {
            BeforeDelete = PrepareApiKey.CheckTaker,
            Saving = _ => Effect.Opens,
        },
        CatalogEntry.Of<Member>(),
        CatalogEntry.OfSetting<Site>(PrepareSite.Run, ProveLinkDomain.Action),
        CatalogEntry.OfSetting<Form>(PrepareForm.Run),
        CatalogEntry.Of<Submission>(null, ReprocessSubmissions.Actions),
        CatalogEntry.Of<Lead>(
            PrepareLead.Run,
            MergeLeads.Merge,
            MergeLeads.Unmerge,
            ConvertLead.Convert,
            ProposedChanges.AcceptOfLead,
            ProposedChanges.DismissOfLead
        ),
        CatalogEntry.Of<ProposedChange>(null, ProposedChanges.Actions) with
        {
            Narrow = ProposalRights.Narrow,
        },
        CatalogEntry.Of<ConsentReceipt>(KeepConsent.Prepare, KeepConsent.WithdrawAction, ConsentLink.Action, VerifyConsents.Action),
        CatalogEntry.OfSetting<CustomField>(PrepareCustomField.Run),
        CatalogEntry.Of<Campaign>(PrepareCampaign.Run),
        CatalogEntry.Of<Affiliate>(
            PrepareAffiliate.Run,
            ApproveCommissions.Action,
            PayAffiliate.Pay,
            PayAffiliate.Undo,
            EarnCommission.Recompute
        ),
        CatalogEntry.OfSetting<Link>(PrepareLink.Run, BulkLinks.Action) with
        {
            Serve = LinkAddress.Serve,
        },
        CatalogEntry.Of<Click>() with
        {
            AlsoRecordedAs = ["lead.clicked"],
        },
        CatalogEntry.Of<Visitor>(),
        CatalogEntry.Of<Touch>(PrepareTouch.Run),
        CatalogEntry.Of<Conversion>(PrepareConversion.Run, AdjustConversion.Reverse, AdjustConversion.Adjust),
        CatalogEntry.Of<Commission>(null, EarnCommission.Approve, EarnCommission.Reverse) with
        {
            AlsoRecordedAs = [PayAffiliate.PaidEvent, PayAffiliate.UndoneEvent],
        },
        CatalogEntry.OfSetting<ChannelRule>(PrepareChannelRule.Run),
        CatalogEntry.OfSetting<BotRule>(PrepareBotRule.Run),
        CatalogEntry.Of<Reclassification>(PrepareReclassification.Run) with
        {
            Saving = _ => Effect.Pays, // commissions are computed by it
        },
        CatalogEntry.Of<RetentionPolicy>(PrepareRetentionPolicy.Run, PreviewRetention.Preview, PreviewRetention.Confirm) with
        {
            Saving = policy => policy is RetentionPolicy { Active: false } ? Effect.Ordinary : Effect.Deletes,
        },
        CatalogEntry.OfSetting<OutgoingPostback>(PreparePostback.Run) with
        {
            Saving = _ => Effect.Sends,
        },
        CatalogEntry.OfSetting<Webhook>(PrepareWebhook.Run, RotateSecret.Action, TestWebhook.Action, ReplayWebhook.Action) with
        {
            Saving = _ => Effect.Sends,
        },
        CatalogEntry.Of<WebhookReplay>(null, ReplayWebhook.Pause, ReplayWebhook.Resume, ReplayWebhook.Cancel),
        CatalogEntry.Of<Delivery>(null, RetryDelivery.Action),
        CatalogEntry.Of<Customer>(PrepareCustomer.Run) with
        {
            AlsoRecordedAs = ["lead.customerUnclear"],
        },
        CatalogEntry.Of<Purchase>(PreparePurchase.Run) with
        {
            AlsoRecordedAs = ["customer.purchased"],
        },
        CatalogEntry.OfSetting<ReportShare>(PrepareReportShare.Run) with
        {
            Saving = _ => Effect.Opens,
        },
        CatalogEntry.OfSetting<TrustedDocument>(TrustedDocument.Prepare, UploadDocuments.Upload),
        CatalogEntry.Of<Erasure>(PrepareErasure.Run, VerifyErasure.Action) with
        {
            AlsoRecordedAs = [ErasePerson.Erased],
            Saving = erasure => erasure is Erasure { DryRun: true } ? Effect.Looks : Effect.Deletes,
        },
        CatalogEntry.Of<AccessRequest>(FindRecords.Prepare),
        CatalogEntry.Of<Suppression>(SuppressAddress.Prepare) with
        {
            BeforeDelete = SuppressAddress.MayGo,
        },
        CatalogEntry.OfSetting<Sender>(PrepareSender.Run) with
        {
            Saving = _ => Effect.Sends,
        },
        CatalogEntry.OfSetting<MailTemplate>(PrepareMailTemplate.Run),
        CatalogEntry.Of<Message>() with
        {
            AlsoRecordedAs = RecordMessage.OfLeads,
        },
        CatalogEntry.Of<Event>() with
        {
            Narrow = EventRights.Narrow,
        },
        CatalogEntry.Of<LeadMerge>(),
        CatalogEntry.Of<InstallationSecret>(),
        CatalogEntry.Of<IdempotencyRecord>(),
        CatalogEntry.Of<Lease>(),
        CatalogEntry.Of<FollowUpJob>(),
        CatalogEntry.Of<WebhookBody>(),
        CatalogEntry.Of<MailJob>(),
        CatalogEntry.Of<AffiliateMonth>(),
        CatalogEntry.Of<NodeReport>(),
        CatalogEntry.Of<RollUp>(),
        CatalogEntry.Of<ConsentChain>(),
    ])
    {
        // What sees the changes of each commit, in this order: counters first, so that what they count is what was asked for.
        FollowUps =
        [
            ReportCounters.FollowUp,
            ProposalBudget.FollowUp,
            CountStorage.FollowUp,
            SendPostbacks.FollowUp,
            SendWebhooks.FollowUp,
            AskForMail.FollowUp,
        ],
        Guards = [SuppressPerson.Guard],
        // What features do for one another: the kinds of deliveries.
        Parts = [new PostbackDeliveries(), new WebhookDeliveries(), new MailDeliveries()],
        FurtherEvents = EventTypes.Further,
        Reports = new([
            OverviewReport.Definition,
            LinksReport.Definition,
            CampaignsReport.Definition,
            AffiliatesReport.Definition,
            ChannelsReport.Definition,
            FormsReport.Definition,
            FunnelReport.Definition,
            CountriesReport.Definition,
        ]),
        // What is kept in memory of a workspace; a part may look at those before it.
        Settings = new(
            [
                WorkspaceInSettings.Part,
                WorkspaceInSettings.DaysPart,
                CustomFieldsInSettings.Part,
                SitesInSettings.Part,
                TrafficInSettings.Part,
                PostbacksInSettings.Part,
                WebhooksInSettings.Part,
                MailInSettings.Part,
                SuppressPerson.Part,
            ],
            CustomFieldsInSettings.Part
        ),
        // What older versions stored otherwise.
        Upgrades = [MoveProposals.Run, UsualPolicies.Offer, MeasureStorage.Run],
        // Purposes of the installation's random keys.
        Seals =
        [
            ListCursors,
            FillTime.Purpose,
            ClickToken.Purpose,
            PrepareErasure.Purpose,
            PictureToken.Purpose,
            ReceiptToken.Purpose,
            Plans,
            ConsentToken.Purpose,
            MailToken.Purpose,
        ],
    };

    /// <summary>The purpose of the key that seals a list's cursors.</summary>
    public const string ListCursors = "cursors";

    /// <summary>The purpose of the key that seals plans of changes.</summary>
    public const string Plans = "plans";
}
