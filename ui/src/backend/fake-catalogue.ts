// What the pretend backend knows of integrations and permissions. The real tables are the program's own.
import type { Integration, IntegrationView } from "./bindings";

const NAMES: [Integration, name: string, purpose: string][] = [
  ["microsoftGraph", "Microsoft Graph", "One connection for everything in Microsoft 365"],
  ["entraId", "Microsoft Entra ID", "Users, groups, devices and sign-in logs"],
  ["defenderXdr", "Microsoft Defender XDR", "Security alerts, incidents and threat hunting"],
  ["teams", "Microsoft Teams", "Teams, channels, chats and meetings"],
  ["sharePoint", "SharePoint", "Sites, lists and their files"],
  ["oneDrive", "OneDrive", "Files of people and teams"],
  ["outlook", "Microsoft Outlook", "Mail, calendars and mailbox settings"],
  ["intune", "Microsoft Intune", "Managed devices and apps"],
  ["excel", "Microsoft Excel", "Workbooks in OneDrive and SharePoint"],
  ["eDiscovery", "Microsoft E-Discovery", "eDiscovery cases, holds and searches"],
  ["oneNote", "Microsoft OneNote", "Notebooks, sections and pages"],
];

type Row = [
  name: string,
  purpose: string,
  kind: "both" | "delegated",
  integrations: Integration[],
  substitute: string | null,
];

const PERMISSIONS: Row[] = [
  ["AuditLog.Read.All", "Read the sign-in and directory audit logs", "both", ["entraId"], null],
  ["Calendars.ReadBasic", "See events without bodies, attachments or extensions", "delegated", ["outlook"], "Calendars.ReadBasic.All"],
  ["Calendars.ReadWrite", "Create, read, change and delete calendar events", "both", ["outlook"], null],
  ["Calendars.ReadWrite.Shared", "Same, also in calendars shared with the user", "delegated", ["outlook"], "Calendars.ReadWrite"],
  ["Channel.Create", "Create channels in teams", "both", ["teams"], null],
  ["ChannelMember.ReadWrite.All", "Add and remove members of channels", "both", ["teams"], null],
  ["ChannelMessage.ReadWrite", "Read and change the user's channel messages", "delegated", ["teams"], null],
  ["ChannelMessage.Send", "Post channel messages as the user", "delegated", ["teams"], null],
  ["ChannelSettings.ReadWrite.All", "Read and change channel names, descriptions and settings", "both", ["teams"], null],
  ["Chat.Create", "Start chats", "both", ["teams"], null],
  ["Chat.ReadWrite", "Read and write the user's chats", "delegated", ["teams"], "Chat.ReadWrite.All"],
  ["Chat.ReadWrite.All", "Read and write chats in the whole organisation", "both", ["teams"], null],
  ["ChatMember.ReadWrite", "Add and remove people in the user's chats", "delegated", ["teams"], "ChatMember.ReadWrite.All"],
  ["Device.Command", "Send commands to the user's own devices", "delegated", ["intune"], null],
  ["Device.Read.All", "Read all registered devices", "both", ["entraId", "intune"], null],
  ["DeviceManagementApps.ReadWrite.All", "Read and change Intune apps", "both", ["intune"], null],
  ["DeviceManagementManagedDevices.PrivilegedOperations.All", "Run user-impacting remote actions on Intune devices (wipe, passcode reset, ...)", "both", ["intune"], null],
  ["DeviceManagementManagedDevices.ReadWrite.All", "Read and change Intune managed devices", "both", ["intune"], null],
  ["Directory.AccessAsUser.All", "Same directory access as the signed-in user", "delegated", ["entraId"], null],
  ["Directory.ReadWrite.All", "Read and write most directory objects", "both", ["entraId"], null],
  ["eDiscovery.ReadWrite.All", "Read and change eDiscovery cases, holds and searches", "both", ["eDiscovery"], null],
  ["Files.ReadWrite", "Full access to the user's own files", "delegated", ["oneDrive", "excel"], "Files.ReadWrite.All"],
  ["Files.ReadWrite.All", "Full access to all files the user can reach (app: all files)", "both", ["sharePoint", "oneDrive", "excel"], null],
  ["Group.ReadWrite.All", "Create, read and change groups and their content", "both", ["entraId"], null],
  ["GroupMember.ReadWrite.All", "List groups and change their membership", "both", ["entraId"], null],
  ["IdentityRiskyUser.Read.All", "Read identity risk of users", "both", ["entraId"], null],
  ["IdentityRiskyUser.ReadWrite.All", "Read risk of users and confirm or dismiss it", "both", ["entraId"], null],
  ["Mail.Read", "Read mail", "both", ["outlook"], null],
  ["Mail.ReadBasic", "Read mail headers without body, preview and attachments", "both", ["outlook"], null],
  ["Mail.ReadWrite", "Read, create, change and delete mail", "both", ["outlook"], null],
  ["Mail.ReadWrite.Shared", "Same, also in mailboxes shared with the user", "delegated", ["outlook"], "Mail.ReadWrite"],
  ["Mail.Send", "Send mail as the user (app: as anyone)", "both", ["outlook"], null],
  ["MailboxSettings.ReadWrite", "Read and change mailbox settings", "both", ["outlook"], null],
  ["Notes.ReadWrite.All", "Read and write all OneNote notebooks in reach", "both", ["oneNote"], null],
  ["OnlineMeetings.ReadWrite", "Read and create the user's online meetings", "delegated", ["teams"], "OnlineMeetings.ReadWrite.All"],
  ["SecurityAlert.Read.All", "Read Defender security alerts", "both", ["defenderXdr"], null],
  ["SecurityAlert.ReadWrite.All", "Read and update security alerts", "both", ["defenderXdr"], null],
  ["SecurityIncident.ReadWrite.All", "Read and update security incidents", "both", ["defenderXdr"], null],
  ["Sites.Manage.All", "Create, edit and delete lists and items in all sites", "both", ["sharePoint"], null],
  ["Sites.ReadWrite.All", "Edit and delete items in all sites", "both", ["sharePoint"], null],
  ["TeamMember.ReadWrite.All", "Add and remove members of teams", "both", ["teams"], null],
  ["ThreatHunting.Read.All", "Run advanced hunting queries", "both", ["defenderXdr"], null],
  ["User.EnableDisableAccount.All", "Enable and disable user accounts", "both", ["entraId"], null],
  ["User.ManageIdentities.All", "Read and change the identities users sign in with", "both", ["entraId"], null],
  ["User.Read", "Sign the user in and read their profile", "delegated", ["entraId", "teams"], "User.Read.All"],
  ["User.ReadWrite.All", "Read and change full profiles of all users", "both", ["entraId"], null],
  ["User.RevokeSessions.All", "Revoke all sign-in sessions of a user", "both", ["entraId"], null],
];

export const INTEGRATIONS: IntegrationView[] = NAMES.map(([id, name, purpose]) => {
  const needed = PERMISSIONS.filter(([, , , integrations]) => id === "microsoftGraph" || integrations.includes(id));
  const view = ([permission, allows]: Row) => ({ name: permission, purpose: allows });
  return {
    id,
    name,
    purpose,
    application: needed.filter(([, , kind]) => kind === "both").map(view),
    delegated: needed.map(view),
    delegatedOnly: needed
      .filter(([, , kind]) => kind === "delegated")
      .map(([permission, , , , substitute]) => ({ name: permission, substitute })),
  };
});
