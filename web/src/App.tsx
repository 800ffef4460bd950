// Which page a path is.
import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { Me, useSession } from "./api/session";
import { AlertGroup } from "./pages/AlertGroup";
import { AlertGroups } from "./pages/AlertGroups";
import { SignIn } from "./pages/SignIn";
import { SignInLink } from "./pages/SignInLink";
import { Failure, Waiting } from "./parts/bits";
import { NotFound } from "./pages/NotFound";
import { Shell } from "./shell/Shell";

const Integrations = lazy(() => import("./pages/Integrations"));
const Integration = lazy(() => import("./pages/Integration"));
const Users = lazy(() => import("./pages/Users"));
const Profile = lazy(() => import("./pages/Profile"));
const Audit = lazy(() => import("./pages/Audit"));
const Status = lazy(() => import("./pages/Status"));

function Pages() {
  return (
    <Suspense fallback={<Waiting />}>
      <Switch>
        <Route path="/"><Redirect to="/alert-groups" replace /></Route>
        <Route path="/alert-groups"><AlertGroups /></Route>
        <Route path="/alert-groups/:id">{({ id }) => <AlertGroup key={id} id={id} />}</Route>
        <Route path="/integrations"><Integrations /></Route>
        <Route path="/integrations/:id/:tab?">{({ id, tab }) => <Integration key={id} id={id} tab={tab} />}</Route>
        <Route path="/users"><Users /></Route>
        <Route path="/profile"><Profile /></Route>
        <Route path="/audit"><Audit /></Route>
        <Route path="/status"><Status /></Route>
        <Route><NotFound /></Route>
      </Switch>
    </Suspense>
  );
}

function SignedIn() {
  const { data: session, error, refetch } = useSession();
  if (session === null) return <SignIn />;
  if (session) {
    return (
      <Me.Provider value={session.user}>
        <Shell><Pages /></Shell>
      </Me.Provider>
    );
  }
  return <main className="alone">{error ? <Failure error={error} retry={() => void refetch()} /> : <Waiting lines={3} />}</main>;
}

export function App() {
  return (
    <Switch>
      <Route path="/sign-in/:secret">{({ secret }) => <SignInLink secret={secret} />}</Route>
      <Route><SignedIn /></Route>
    </Switch>
  );
}
